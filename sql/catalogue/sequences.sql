-- One row per sequence of schema app that was ever used.

select
  pg_sequences.sequencename as sequence_name,
  pg_sequences.last_value
from pg_sequences
where pg_sequences.schemaname = 'app'
  and pg_sequences.last_value is not null
order by pg_sequences.sequencename collate "C";
