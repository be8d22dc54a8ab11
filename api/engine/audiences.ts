/**
 * The further conditions of campaigns, compiled: whose fact of a round satisfies which, as of the day of the fact. Segments,
 * tiers and the holdout are data that SQL reads (ops.campaign_refusal).
 */
import { type Kysely, sql } from 'kysely';
import type { Resource } from '../contract.ts';
import { PredicateError } from '../predicate.ts';
import type { DB } from '../schema.ts';
import { FACTS, factsCondition, momentOf, type SegmentFacts } from '../segment-rules.ts';

export interface Audience {
  campaign_id: number;
  audience_filter: unknown;
  triggers: string[];
}

/** Campaigns that rules of a run belong to, and that ask for more than segments and tiers. */
export async function audiencesOf(trx: Kysely<DB>, run: number): Promise<Audience[]> {
  const rows = await trx
    .selectFrom('app.engine_rules as rule')
    .innerJoin('app.campaigns as campaign', 'campaign.id', 'rule.campaign_id')
    .select([
      'campaign.id as campaign_id',
      'campaign.audience_filter',
      sql<string[]>`array_agg(distinct rule.trigger)`.as('triggers'),
    ])
    .where('rule.run_id', '=', run)
    .where(sql<boolean>`coalesce(campaign.audience_filter, '{}') <> '{}'`)
    .groupBy('campaign.id')
    .orderBy('campaign.id')
    .execute();
  return rows;
}

/** Writes app.engine_audience for a round; a condition that no longer compiles (a field is gone) is satisfied by nobody. */
export async function writeAudiences(
  trx: Kysely<DB>,
  audiences: readonly Audience[],
  {
    run,
    round,
    time_zone,
    resources,
  }: { run: number; round: number; time_zone: string; resources: ReadonlyMap<string, Resource> },
): Promise<void> {
  for (const { campaign_id, audience_filter, triggers } of audiences) {
    const asked = trx
      .selectFrom('app.engine_turns as fact')
      .where('fact.run_id', '=', run)
      .where('fact.round', '=', round)
      .where('fact.fact_kind', 'in', triggers)
      .where(sql<boolean>`ops.campaign_counts(${campaign_id}::bigint, fact.occurred_at, fact.occurred_on)`);
    const days = await asked.select('fact.occurred_on').distinct().orderBy('fact.occurred_on').execute();
    for (const { occurred_on } of days) {
      const scope = { resources, moment: momentOf(occurred_on, time_zone) };
      const satisfied = conditionOf(audience_filter, scope);
      if (!satisfied) continue;
      const theirs = asked
        .select(sql<number[]>`array_agg(fact.customer_id)`.as('ids'))
        .where('fact.occurred_on', '=', occurred_on);
      await trx
        .insertInto('app.engine_audience')
        .columns(['run_id', 'round', 'customer_id', 'campaign_id'])
        .expression(
          trx
            .selectFrom(
              sql<SegmentFacts>`ops.segment_facts(${occurred_on}::date, ${theirs})`.as<typeof FACTS>(sql.id(FACTS)),
            )
            .select([
              sql<number>`${run}::bigint`.as('run_id'),
              sql<number>`${round}::integer`.as('round'),
              `${FACTS}.customer_id`,
              sql<number>`${campaign_id}::bigint`.as('campaign_id'),
            ])
            .where(satisfied),
        )
        .execute();
    }
  }
}

function conditionOf(filter: unknown, scope: Parameters<typeof factsCondition>[1]) {
  try {
    return factsCondition(filter, scope);
  } catch (error) {
    if (error instanceof PredicateError) return null;
    throw error;
  }
}
