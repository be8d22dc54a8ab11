/** Who a campaign is for, as a condition over ops.segment_facts. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Row } from './contract.ts';
import { FACTS, factsCondition, type RuleScope } from './segment-rules.ts';

/** @param campaign its segments and audience_filter; tiers count once customers have them */
export function audienceCondition(campaign: Row, scope: RuleScope): RawBuilder<SqlBool> {
  const parts: RawBuilder<SqlBool>[] = [];
  const segments = Array.isArray(campaign.segments) ? (campaign.segments as number[]) : [];
  if (segments.length > 0) {
    parts.push(sql<SqlBool>`${sql.ref(`${FACTS}.customer_id`)} in (
      select segment_memberships.customer_id
      from base.segments
      inner join app.segment_memberships
        on segment_memberships.rule_set_id = segments.rule_set_id
        and segment_memberships.segment_code = segments.segment_code
      where segments.id = any (${segments}::bigint[])
        and segment_memberships.left_on is null
    )`);
  }
  const filter = campaign.audience_filter;
  if (filter && typeof filter === 'object' && Object.keys(filter).length > 0) {
    parts.push(factsCondition(filter, scope));
  }
  return parts.length > 0 ? sql<SqlBool>`(${sql.join(parts, sql` and `)})` : sql<SqlBool>`true`;
}
