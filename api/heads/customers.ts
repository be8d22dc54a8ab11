/** The head of a customer's page: tier and what is missing, points and when they expire, segment, orders and spend. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Head, HeadCard, HeadGoal, HeadValue, Json, Pair, Row } from '../contract.ts';
import { f } from '../definition.ts';
import { nextExpiry, type Progress, tierProgress } from '../engine/standing.ts';
import { dayIn, readProgramme } from '../programme.ts';
import { readsFreely, rowBeside } from '../records/beside.ts';
import type { Reader } from '../records/query.ts';
import { criterionField, criterionWords } from '../tier-words.ts';

type Maker = (deps: Deps, id: number, reader: Reader) => Promise<HeadCard[]>;

export async function head(deps: Deps, id: number, reader: Reader): Promise<Head> {
  const merged = await mergedCard(deps, id, reader);
  if (merged.length > 0) return { cards: merged };
  const makers: Maker[] = [tierCard, pointsCard, segmentCards, spendCard];
  const cards = await Promise.all(makers.map((make) => make(deps, id, reader)));
  return { cards: cards.flat() };
}

/** Of somebody who turned out to be somebody else nothing but who that is: the rest is theirs. */
const mergedCard: Maker = async (deps, id, reader) => {
  const link = await deps.db
    .selectFrom('base.customer_links')
    .selectAll()
    .where('customer_id', '=', id)
    .executeTakeFirst();
  if (!link || !readsFreely(deps, 'customer_links', reader)('now_id')) return [];
  const { time_zone } = await readProgramme(deps.db);
  return [
    {
      name: 'merged',
      label: ['已并入', 'Merged into'],
      main: value(f.ref({ label: ['已并入', 'Merged into'], to: 'customers' }), link.now_id),
      facts: [
        value(f.date({ label: ['合并日期', 'Merged on'] }), dayIn(time_zone, new Date(String(link.merged_at)))),
        { label: ['原因', 'Reason'], text: [link.reason ?? '', link.reason ?? ''] },
      ],
    },
  ];
};

const tierCard: Maker = async (deps, id, reader) => {
  const state = await rowBeside(deps, 'tier_states', id, reader);
  const reads = readsFreely(deps, 'tiers', reader);
  if (!state?.tier_id || !reads('name')) return [];
  const progress = await tierProgress(deps.db, id);
  const tiers = await deps.db.selectFrom('app.tiers').select(['id', 'name', 'name_en', 'color']).execute();
  const named = (tier_id: number): Pair => {
    const tier = tiers.find((each) => each.id === tier_id)!;
    return [tier.name, tier.name_en];
  };
  const { time_zone } = await readProgramme(deps.db);
  const facts: HeadValue[] = [];
  if (state.entered_at)
    facts.push(value(f.date({ label: ['进入日期', 'Since'] }), dayIn(time_zone, new Date(String(state.entered_at)))));
  if (state.grace_until_at)
    facts.push(value(f.date({ label: ['宽限期至', 'Grace through'] }), lastDay(time_zone, state.grace_until_at)));
  if (Object.hasOwn(state, 'valid_until_at'))
    facts.push(
      state.valid_until_at
        ? value(f.date({ label: ['有效期至', 'Valid through'] }), lastDay(time_zone, state.valid_until_at))
        : { label: ['有效期至', 'Valid through'], text: ['长期有效', 'For good'] },
    );
  const goals = progress.filter((each) => each.measures.length > 0).map((each) => goal(each, named(each.tier_id)));
  const top = !progress.some((each) => each.goal === 'reach');
  if (top) facts.push({ label: ['下一等级', 'Next tier'], text: ['已是最高等级', 'This is the highest'] });
  return [
    {
      name: 'tier',
      label: ['会员等级', 'Tier'],
      main: { label: ['会员等级', 'Tier'], text: named(state.tier_id as number) },
      color: tiers.find((each) => each.id === state.tier_id)!.color,
      facts,
      goals,
    },
  ];
};

function goal({ goal: what, reached, any_criterion, next_period, measures }: Progress, tier: Pair): HeadGoal {
  const title: Pair =
    what === 'keep' ? [`保级 ${tier[0]}`, `Keep ${tier[1]}`] : [`升级 ${tier[0]}`, `Reach ${tier[1]}`];
  return {
    title,
    reached,
    any: any_criterion && measures.length > 1,
    ...(next_period && what === 'reach' ? { note: ['达标后下个周期生效', 'Takes effect with the next period'] } : {}),
    meters: measures
      .filter((each) => each.target !== null)
      .map((each) => ({
        label: criterionWords(each),
        field: criterionField(each),
        value: number(each.basis, each.value),
        target: number(each.basis, each.target),
        missing: number(each.basis, each.missing),
        met: each.met,
        share: each.share,
      })),
  };
}

const pointsCard: Maker = async (deps, id, reader) => {
  const account = await rowBeside(deps, 'points_accounts', id, reader);
  if (!account) return [];
  const facts: HeadValue[] = [];
  for (const [name, label] of [
    ['pending', ['待生效', 'Pending']],
    ['reserved', ['预占', 'Reserved']],
    ['debt', ['欠账', 'Owed']],
  ] as const) {
    if (Number(account[name] ?? 0) > 0) facts.push(value(f.points({ label }), account[name]!));
  }
  const reads = readsFreely(deps, 'points_lots', reader);
  if (reads('expires_at') && reads('available')) {
    const next = await nextExpiry(deps.db, id);
    const label: Pair = ['最近到期', 'Next to expire'];
    const { time_zone } = await readProgramme(deps.db);
    facts.push(
      next
        ? {
            ...value(f.points({ label }), Number(next.points)),
            also: { field: f.date({ label: ['最后可用日', 'Last day'] }), value: lastDay(time_zone, next.expires_at) },
          }
        : { label, text: ['无', 'None'] },
    );
  }
  if (account.growth !== undefined) facts.push(value(f.points({ label: ['成长值', 'Growth value'] }), account.growth));
  if (account.balance === undefined) return [];
  return [
    {
      name: 'points',
      label: ['积分余额', 'Points balance'],
      main: value(f.points({ label: ['积分余额', 'Points balance'] }), account.balance),
      facts,
    },
  ];
};

const segmentCards: Maker = async (deps, id, reader) => {
  const reads = readsFreely(deps, 'segments', reader);
  if (!reads('name')) return [];
  const stays = await deps.db
    .selectFrom('app.segment_memberships as stay')
    .innerJoin('base.segments as segment', (join) =>
      join
        .onRef('segment.rule_set_id', '=', 'stay.rule_set_id')
        .onRef('segment.segment_code', '=', 'stay.segment_code'),
    )
    .innerJoin('app.segment_rule_sets as rule_set', 'rule_set.id', 'stay.rule_set_id')
    .select(['rule_set.name', 'rule_set.name_en', 'segment.segment_name', 'segment.segment_name_en', 'stay.entered_on'])
    .where('stay.customer_id', '=', id)
    .where('stay.left_on', 'is', null)
    .orderBy('rule_set.id')
    .execute();
  const [first, ...others] = stays;
  if (!first) return [];
  const label: Pair = [first.name, first.name_en];
  return [
    {
      name: 'segment',
      label: ['客群', 'Segment'],
      main: { label, text: [first.segment_name!, first.segment_name_en!] },
      facts: [
        { label: ['规则集', 'Rule set'], text: label },
        value(f.date({ label: ['自', 'Since'] }), first.entered_on as Json),
        ...others.map(
          (each): HeadValue => ({
            label: [each.name, each.name_en],
            text: [each.segment_name!, each.segment_name_en!],
          }),
        ),
      ],
    },
  ];
};

const spendCard: Maker = async (deps, id, reader) => {
  const customer = await rowBeside(deps, 'customers', id, reader);
  const reads = readsFreely(deps, 'orders', reader);
  if (!customer || !reads('amount') || !reads('returned_amount')) return [];
  const bought = await deps.db
    .selectFrom('app.orders')
    .select(({ fn }) => [
      fn.countAll<number>().as('orders'),
      fn.max<string | null>('placed_on').as('last_on'),
      sql<string>`coalesce(sum(amount - least(returned_amount, amount)), 0)::numeric(14, 2)::text`.as('net'),
    ])
    .where('customer_id', '=', id)
    .where('status', 'in', ['paid', 'completed'])
    .executeTakeFirstOrThrow();
  const label: Pair = ['累计净消费', 'Net spend in all'];
  const facts: HeadValue[] = [value(f.integer({ label: ['订单数', 'Orders'] }), Number(bought.orders))];
  if (bought.last_on) facts.push(value(f.date({ label: ['最近下单', 'Last order'] }), bought.last_on));
  if (customer.enrolled_at) facts.push(await since(deps, customer));
  return [{ name: 'spend', label, main: value(f.money({ label }), bought.net), facts }];
};

async function since(deps: Deps, customer: Row): Promise<HeadValue> {
  const { time_zone } = await readProgramme(deps.db);
  const day = dayIn(time_zone, new Date(String(customer.enrolled_at)));
  return value(f.date({ label: ['入会', 'Enrolled'] }), day);
}

/** The day before the midnight at which something ends. */
const lastDay = (time_zone: string, ends_at: Json): string =>
  dayIn(time_zone, new Date(Date.parse(String(ends_at)) - 1));

/** Money travels as text, counts as numbers. */
const number = (basis: string, text: string | null): Json => (basis === 'spend' || text === null ? text : Number(text));

function value(
  field: Extract<HeadValue, { field: unknown }>['field'],
  of: Json,
): Extract<HeadValue, { field: unknown }> {
  return { label: field.label, field, value: of };
}
