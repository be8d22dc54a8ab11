-- A number inside a longer one is another number.
create function ops.without_values(said text, personal text[])
returns text
language plpgsql
immutable
as $$
declare
  spelled text;
begin
  for spelled in
    select distinct unnest(array[value, substr(to_json(value)::text, 2, length(to_json(value)::text) - 2)])
    from unnest(personal) as given (value)
  loop
    if strpos(said, spelled) > 0 then
      said := regexp_replace(
        said,
        case when spelled ~ '^[A-Za-z0-9]' then '(?<![A-Za-z0-9])' else '' end
        || regexp_replace(spelled, '([].+*?(){}^$|#\\[-])', '\\\1', 'g')
        || case when spelled ~ '[A-Za-z0-9]$' then '(?![A-Za-z0-9])' else '' end,
        '***',
        'g'
      );
    end if;
  end loop;
  return said;
end;
$$;

comment on function ops.without_values(text, text[]) is
  'The text with each of the values replaced by ***; a text of JSON stays one.';
