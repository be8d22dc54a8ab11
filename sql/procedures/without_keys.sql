create function ops.without_keys(said jsonb, kept text[], cleared text[])
returns jsonb
language sql
immutable
begin atomic
  select
    case
      when jsonb_typeof(said) <> 'object' then null
      else (
        select coalesce(
          jsonb_object_agg(
            fields.key,
            case when coalesce(fields.key = any (kept), fields.key <> all (cleared)) then fields.value else 'null' end
          ),
          '{}'
        )
        from jsonb_each(said) as fields (key, value)
      )
    end;
end;

comment on function ops.without_keys(jsonb, text[], text[]) is
  'The object with its keys, and the values of those kept; where kept is null, of all but those cleared. What is no object is nothing.';
