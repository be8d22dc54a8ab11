create function ops.customer_erased(import_id bigint)
returns setof bigint
language sql
stable
begin atomic
  select import_rows.row_no
  from app.import_rows
  inner join app.erased_codes
    on erased_codes.code_hash = sha256(convert_to(import_rows.data ->> 'external_id', 'UTF8'))
  where import_rows.batch_id = customer_erased.import_id
    and import_rows.kind = 'row';
end;

comment on function ops.customer_erased(bigint) is
  'Rows of an import of customers that would bring back somebody whose personal data was removed.';
