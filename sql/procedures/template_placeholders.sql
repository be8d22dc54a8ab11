-- {{name}}, {{name|otherwise}}, {{link:https://…}}, {{link:https://…|words}}
create function ops.template_placeholders(words text)
returns table (name text, otherwise text, url text)
language sql
immutable
begin atomic
  select
    case when found.parts[1] !~ '^link:' then found.parts[1] end,
    nullif(btrim(substr(found.parts[2], 2)), ''),
    case when found.parts[1] ~ '^link:' then btrim(substr(found.parts[1], 6)) end
  from regexp_matches(
    coalesce(words, ''),
    '\{\{\s*(link:[^{}|]*[^{}|\s]|[a-z][a-z0-9_]*)\s*(\|[^{}]*)?\}\}',
    'g'
  ) as found (parts);
end;

comment on function ops.template_placeholders(text) is
  'What is put into a text when it is sent: variables, with what is said where they are empty, and links.';
