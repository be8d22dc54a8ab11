create function ops.figure_text(value numeric, unit text)
returns text
language sql
immutable
begin atomic
  select case unit
    when 'rate' then round(value * 100, 2) || '%'
    when 'money' then to_char(round(value, 2), 'FM999,999,999,990.00')
    when 'count' then to_char(round(value), 'FM999,999,999,990')
    else trim_scale(round(value, 4))::text
  end;
end;

comment on function ops.figure_text(numeric, text) is 'A figure in its unit as lists show it: 12.50%, 1,234.00, 1,234.';
