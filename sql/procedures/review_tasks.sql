-- Facts say what was reached; what is kept says what was given for it. The difference is what is done, so that twice is once.
create function ops.review_tasks(customers bigint[], at timestamptz)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  run constant bigint := pg_current_xact_id()::text::bigint;
  chosen bigint[];
  changed integer;
begin
  select array_agg(people.id order by people.id)
  into chosen
  from app.customers as people
  where people.id = any (review_tasks.customers)
    and people.status in ('active', 'blocked');
  if chosen is null then
    return 0;
  end if;

  insert into app.points_accounts (customer_id)
  select chosen_ids.id
  from unnest(chosen) as chosen_ids (id)
  where not exists (
    select
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = chosen_ids.id
  )
  on conflict (book_id, customer_id) do nothing;

  perform
  from app.points_accounts
  where points_accounts.book_id = 0
    and points_accounts.customer_id = any (chosen)
  order by points_accounts.customer_id
  for update;

  perform ops.lay_out_tasks(run, chosen, review_tasks.at);

  changed := ops.settle_completions(run, chosen, review_tasks.at);

  perform ops.settle_task_progress(run, chosen, review_tasks.at);
  perform ops.clear_task_work(run);
  -- What the completed step gives itself comes afterwards, and waits for the next one.
  if changed > 0 then
    perform ops.activate_coupons(chosen, review_tasks.at);
  end if;
  perform ops.take_back_task_rewards(chosen, review_tasks.at);
  perform ops.give_task_rewards(chosen, review_tasks.at);
  return changed;
end;
$$;

comment on function ops.review_tasks(bigint[], timestamptz) is
  'Works out anew how far the customers are with every task, as all facts known by a moment say; gives what they reached, and takes back
what they no longer have. Holds their accounts. Returns how many steps were reached or lost. Conditions of tasks are asked by the
caller before (app.task_matches of the transaction).';
