-- What budgets pay for: every yuan that is reserved, committed, spent or given back is a posting, and the columns of the
-- lines are the sums of these.

create table app.budget_postings (
  id bigint generated always as identity primary key,
  budget_id bigint not null,
  segment_line_id bigint not null references app.budget_lines on delete restrict,
  kind_line_id bigint not null references app.budget_lines on delete restrict,
  from_state text not null check (from_state in ('free', 'reserved', 'committed', 'spent', 'released')),
  to_state text not null check (to_state in ('free', 'reserved', 'committed', 'spent', 'released')),
  kind text not null generated always as (
    case
      when to_state = 'free' then 'undo'
      when to_state = 'released' then 'release'
      when to_state = 'spent' then 'spend'
      when to_state = 'reserved' then 'reserve'
      when from_state in ('free', 'reserved') then 'commit'
      else 'restore'
    end
  ) stored,
  amount numeric(14, 2) not null check (amount > 0),
  over_limit boolean not null default false,
  source_kind text not null check (source_kind in ('points', 'benefit', 'coupon', 'reward', 'manual')),
  source_key text not null,
  customer_id bigint,
  document text,
  note text,
  posted_by bigint references app.users on delete set null,
  posted_on date not null,
  posted_at timestamptz not null default now(),
  check (from_state <> to_state),
  check (source_kind <> 'manual' or (document is not null and note is not null))
);
create index budget_postings_budget_id_idx on app.budget_postings (budget_id, posted_on);
create index budget_postings_segment_line_id_idx on app.budget_postings (segment_line_id);
create index budget_postings_kind_line_id_idx on app.budget_postings (kind_line_id);
create index budget_postings_posted_by_idx on app.budget_postings (posted_by);
create index budget_postings_source_idx on app.budget_postings (source_kind, source_key);
comment on table app.budget_postings is
  'Every movement of a budget''s money from one state to another, on one line of each split. Of the points of one turn of the engine: one for each pair of lines and day. Append-only for every login but the owner.';
comment on column app.budget_postings.budget_id is
  'The budget of the two lines; without a key of its own, since checking it would wait for whoever edits the budget.';
comment on column app.budget_postings.to_state is 'free: it turned out that it was never to be granted (a fact came late).';
comment on column app.budget_postings.over_limit is 'Let through beyond the limit of a line, because the budget only warns.';
comment on column app.budget_postings.posted_on is 'The day it belongs to, in programme time.';

create table app.budget_holds (
  id bigint generated always as identity primary key,
  source_kind text not null check (source_kind in ('benefit', 'coupon', 'reward')),
  source_key text not null,
  customer_id bigint not null references app.customers on delete restrict,
  budget_id bigint not null,
  cost_kind text not null,
  segment_line_id bigint references app.budget_lines on delete restrict,
  kind_line_id bigint references app.budget_lines on delete restrict,
  segment_id bigint,
  amount numeric(14, 2) not null check (amount >= 0),
  reason text check (reason in ('budget_exhausted', 'no_budget_line', 'budget_not_active', 'outside_budget_period')),
  reserved numeric(14, 2) not null default 0 check (reserved >= 0),
  committed numeric(14, 2) not null default 0 check (committed >= 0),
  spent numeric(14, 2) not null default 0 check (spent >= 0),
  released numeric(14, 2) not null default 0 check (released >= 0),
  asked_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint budget_holds_source_key unique (source_kind, source_key),
  constraint budget_holds_whole check (reserved + committed + spent + released = case when reason is null then amount else 0 end),
  constraint budget_holds_lines check (reason is not null or amount = 0 or (segment_line_id is not null and kind_line_id is not null))
);
create index budget_holds_customer_id_idx on app.budget_holds (customer_id);
create index budget_holds_segment_line_id_idx on app.budget_holds (segment_line_id);
create index budget_holds_kind_line_id_idx on app.budget_holds (kind_line_id);
comment on table app.budget_holds is
  'What one benefit, coupon or reward asked of a budget, and where the money is now; a refused one says why. One for each source key, for ever: asked again, it gets the same answer.';
comment on column app.budget_holds.segment_id is 'The segment of the customer on the day of the grant; it stays that.';
