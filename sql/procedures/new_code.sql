create function ops.new_code(pattern text)
returns text
language sql
volatile
begin atomic
  select string_agg(
    case letters.letter
      when '#' then substr('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 1 + get_byte(drawn.bytes, (letters.place % 32)::integer) % 32, 1)
      else letters.letter
    end,
    '' order by letters.place
  )
  from (
    select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as bytes
  ) as drawn
  cross join string_to_table(
    -- Too few places to be drawn could be guessed, or met again.
    case when length(pattern) - length(replace(pattern, '#', '')) >= 8 then pattern else coalesce(pattern, 'B') || '########' end,
    null
  ) with ordinality as letters (letter, place);
end;

comment on function ops.new_code(text) is
  'A code that cannot be guessed: every # of the pattern is drawn anew, letters and digits that are not mistaken for others.';
