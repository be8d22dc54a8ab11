-- Before very many facts are written into a database that has none: a table that begins in this transaction need not be
-- logged row by row where the server allows it (wal_level = minimal), and neither do its indexes.
do $$
begin
  if exists (select from app.orders)
    or exists (select from app.returns)
    or exists (select from app.fact_keys)
    or exists (select from app.customer_day)
    or exists (select from app.segment_memberships)
  then
    return;
  end if;

  truncate
    app.orders, app.order_lines, app.returns, app.fact_keys,
    app.customer_day, app.order_day, app.order_period, app.customer_start, app.first_order_day,
    app.customer_totals,
    app.segment_memberships, app.customer_rfm;
end;
$$;
