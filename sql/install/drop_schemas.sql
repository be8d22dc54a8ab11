-- Before a migration that alters what views read.

drop schema if exists report, ops, base, report_old, ops_old, base_old cascade;
