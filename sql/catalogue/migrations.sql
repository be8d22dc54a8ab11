-- One row per migration that ran on this database.

select
  migrations.number,
  migrations.name,
  migrations.hash
from app.migrations
order by migrations.number;
