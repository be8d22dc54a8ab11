/** Budgets for tests, by hand, in a database with the default programme; and whether their figures add up. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { TestDatabase } from '../database.ts';

let number = 0;

export interface Asked {
  budget_id: number | null;
  customer_id: number;
  amount: string;
  source_key: string;
  cost_kind?: string;
  source_kind?: string;
  at?: string;
}
export interface Line {
  of: string;
  amount: string;
  reserved: string;
  committed: string;
  spent: string;
  released: string;
}

export async function budgets(t: TestDatabase) {
  const segments = (
    await sql<{ id: number; segment_code: string; rule_set_id: number }>`
    select id, segment_code, rule_set_id from base.segments where rule_set_code = 'lifecycle'
  `.execute(t.db)
  ).rows;
  const settle = async (to_state: string, keys: string[], more: { actual?: string; of_spent?: boolean; at?: string }) =>
    (
      await sql<{ source_key: string; reserved: string; committed: string; spent: string; released: string }>`
        select * from ops.settle_budget_holds(
          'benefit', ${keys}, ${to_state}, ${more.at ?? '2026-03-02 12:00+08'}::timestamptz, ${more.actual ?? null}::numeric,
          ${more.of_spent ?? false}
        )
      `.execute(t.db)
    ).rows;
  return {
    /** In force from 2026-01-01 to 2026-12-31 unless said otherwise; 1000 for the new, 500 for the active, nothing for others. */
    async budget(
      more: { [field: string]: unknown } = {},
      by_segment: { [code: string]: number } = { new: 1000, active: 500, other: 0 },
    ) {
      const total = Object.values(by_segment).reduce((sum, each) => sum + each, 0);
      const { id } = await t.db
        .insertInto('app.budgets')
        .values({
          ...{ code: `b${++number}`, name: 'b', name_en: 'b', kind: 'period', status: 'active', total },
          ...{ starts_on: '2026-01-01', ends_on: '2026-12-31', ...more },
        } as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      const lines = [
        ...Object.entries(by_segment).map(([code, amount]) => ({
          dimension: 'segment',
          segment_id: segments.find((each) => each.segment_code === code)!.id,
          amount,
        })),
        { dimension: 'cost_kind', cost_kind: 'promotion', amount: total - 300 },
        { dimension: 'cost_kind', cost_kind: 'referral', amount: 300 },
      ];
      await t.db
        .insertInto('app.budget_lines')
        .values(lines.map((line, position) => ({ budget_id: id, position, share: 0, ...line })) as never)
        .execute();
      return id;
    },
    async member(customer: number, segment: string, from = '2026-01-01', until: string | null = null): Promise<void> {
      await t.db
        .insertInto('app.segment_memberships')
        .values({
          customer_id: customer,
          rule_set_id: segments[0]!.rule_set_id,
          entered_on: from,
          left_on: until,
          segment_code: segment,
        })
        .execute();
    },
    async ask(asked: readonly Asked[]): Promise<(string | null)[]> {
      const said = asked.map((each) => ({
        ...{ cost_kind: 'promotion', source_kind: 'benefit', at: '2026-03-01 12:00+08' },
        ...each,
      }));
      const { rows } = await sql<{ granted: boolean; reason: string | null }>`
        select granted, reason from ops.reserve_budgets(${JSON.stringify(said)}::jsonb)
      `.execute(t.db);
      return rows.map(({ granted, reason }) => (granted ? 'granted' : reason));
    },
    commit: (keys: string[]) => settle('committed', keys, {}),
    spend: (keys: string[], actual?: string) => settle('spent', keys, actual === undefined ? {} : { actual }),
    release: (keys: string[], of_spent = false) => settle('released', keys, { of_spent }),
    async lines(budget_id: number): Promise<Line[]> {
      const { rows } = await sql<Line>`
        select
          coalesce(segments.segment_code, budget_lines.cost_kind) as of,
          budget_lines.amount::text, budget_lines.reserved::text, budget_lines.committed::text, budget_lines.spent::text,
          budget_lines.released::text
        from app.budget_lines
        left join base.segments on segments.id = budget_lines.segment_id
        where budget_lines.budget_id = ${budget_id}
        order by budget_lines.position
      `.execute(t.db);
      return rows;
    },
    /** The columns of every line are what its postings say, and what lots and grants hold; where a budget stops no line is beyond its limit. */
    async addUp(): Promise<void> {
      const { rows } = await sql`
        with posted as (
          select lines.id, states.state, sum(states.amount) as amount
          from app.budget_postings
          cross join lateral (values (segment_line_id), (kind_line_id)) as lines (id)
          cross join lateral (values (to_state, amount), (from_state, -amount)) as states (state, amount)
          where states.state <> 'free'
          group by lines.id, states.state
        ),
        shown as (
          select budget_lines.id, states.state, states.amount
          from app.budget_lines
          cross join lateral (
            values ('reserved', reserved), ('committed', committed), ('spent', spent), ('released', released)
          ) as states (state, amount)
        )
        select id, state, posted.amount as posted, shown.amount as shown, null as of
        from posted full join shown using (id, state)
        where coalesce(posted.amount, 0) <> coalesce(shown.amount, 0)
        union all
        select id, state, held.amount, shown.amount, 'lots and grants'
        from (
          select lines.id, states.state, sum(states.amount) as amount
          from (
            select segment_line_id, kind_line_id, pending * point_value as reserved, (available + reserved) * point_value as committed,
              spent * point_value as spent, (expired + reversed) * point_value as released
            from app.points_lots where book_id = 0 and segment_line_id is not null
            union all
            select segment_line_id, kind_line_id, reserved, committed, spent, released from app.budget_holds
            union all
            select segment_line_id, kind_line_id, 0, 0, case when to_state = 'spent' then amount else -amount end,
              case when to_state = 'released' then amount else 0 end
            from app.budget_postings where source_kind = 'manual'
          ) as held
          cross join lateral (values (segment_line_id), (kind_line_id)) as lines (id)
          cross join lateral (
            values ('reserved', reserved), ('committed', committed), ('spent', spent), ('released', released)
          ) as states (state, amount)
          where lines.id is not null
          group by lines.id, states.state
        ) as held
        full join shown using (id, state)
        where coalesce(held.amount, 0) <> coalesce(shown.amount, 0)
        union all
        select budget_lines.id, 'beyond', budget_lines.amount, reserved + committed + spent, null
        from app.budget_lines inner join app.budgets on budgets.id = budget_lines.budget_id
        where budgets.at_limit = 'stop' and reserved + committed + spent > budget_lines.amount * budgets.stop_at
        union all
        select budget_holds.id, 'hold', null, null, source_key
        from app.budget_holds
        where exists (
          select state from (values ('reserved', reserved), ('committed', committed), ('spent', spent), ('released', released)) as states (state, amount)
          where states.amount <> coalesce((
            select sum(case when to_state = states.state then amount when from_state = states.state then -amount else 0 end)
            from app.budget_postings
            where budget_postings.source_kind = budget_holds.source_kind and budget_postings.source_key = budget_holds.source_key
          ), 0)
        )
      `.execute(t.db);
      expect(rows).toEqual([]);
    },
  };
}
