create function ops.import_rows_repeated(batch bigint, key text[])
returns table (row_no bigint, first_row_no bigint)
language sql
volatile
begin atomic
  with keyed as (
    select
      import_rows.row_no,
      min(import_rows.row_no) over (
        partition by (
          select array_agg(import_rows.data ->> names.name order by names.position)
          from unnest(import_rows_repeated.key) with ordinality as names (name, position)
        )
      ) as first_row_no
    from app.import_rows
    where import_rows.batch_id = import_rows_repeated.batch
      and import_rows.kind = 'row'
      -- Without a name of its own a new record has none here either.
      and import_rows.data ->> import_rows_repeated.key[1] is not null
  )
  update app.import_rows
  set kind = 'wrong'
  from keyed
  where keyed.first_row_no < keyed.row_no
    and import_rows.batch_id = import_rows_repeated.batch
    and import_rows.row_no = keyed.row_no
  returning import_rows.row_no, keyed.first_row_no;
end;

comment on function ops.import_rows_repeated(bigint, text[]) is
  'Refuses the staged rows whose natural key an earlier row of the file has, and names that row: which of the two is meant, nobody
can know.';
