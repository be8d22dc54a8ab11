/** The figures of a day twice: as the view has them, and as the facts themselves say, in words of its own. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import type { DB } from '../../api/schema.ts';
import { compileSql } from '../../api/storage/compile-sql.ts';

type Row = { [column: string]: unknown };
interface Both {
  view: Row[];
  facts: Row[];
}

export async function pointsDays(db: Kysely<DB> | pg.Client): Promise<Both> {
  const view = await rows(db, sql`select * from report.points_days order by day`);
  const facts = await rows(
    db,
    sql`
    select
      (occurred_at at time zone time_zone)::date as day,
      (coalesce(sum(points) filter (where from_state = 'issued'), 0)
        - coalesce(sum(points) filter (where to_state = 'issued'), 0))::bigint as issued_points,
      (coalesce(sum(points) filter (where to_state = 'spent'), 0)
        - coalesce(sum(points) filter (where from_state = 'spent'), 0))::bigint as spent_points,
      (coalesce(sum(points) filter (where to_state = 'expired'), 0)
        - coalesce(sum(points) filter (where from_state = 'expired'), 0))::bigint as expired_points,
      (coalesce(sum(points) filter (where to_state = 'reversed'), 0)
        - coalesce(sum(points) filter (where from_state = 'reversed'), 0))::bigint as reversed_points
    from app.points_entries
    cross join app.settings
    where book_id = 0 and account = 'points'
    group by 1
    order by 1`,
  );
  return { view, facts };
}

export async function messageDays(db: Kysely<DB> | pg.Client): Promise<Both> {
  const view = await rows(
    db,
    sql`select * from report.message_days order by queued_on, template_code, channel, category`,
  );
  const facts = await rows(
    db,
    sql`
    select
      (queued_at at time zone time_zone)::date as queued_on,
      message_templates.code as template_code,
      message_templates.name as template_name,
      message_templates.name_en as template_name_en,
      messages.channel,
      messages.category,
      count(*) as queued_count,
      count(*) filter (where state in ('sent', 'delivered')) as reached_count,
      count(*) filter (where state = 'delivered') as delivered_count,
      count(read_at) as read_count,
      count(clicked_at) as clicked_count,
      count(*) filter (where state = 'failed') as failed_count,
      count(*) filter (where state = 'suppressed') as suppressed_count,
      count(*) filter (where state in ('queued', 'held', 'sending')) as waiting_count
    from app.messages
    cross join app.settings
    inner join app.message_templates on message_templates.id = messages.template_id
    where not test
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, 5, 6`,
  );
  return { view, facts };
}

async function rows(db: Kysely<DB> | pg.Client, query: RawBuilder<unknown>): Promise<Row[]> {
  if ('query' in db) return (await db.query<Row>(compileSql(query))).rows;
  return (await query.execute(db)).rows as Row[];
}
