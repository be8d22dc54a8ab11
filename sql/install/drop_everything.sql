-- A restore that failed leaves the database as empty as it found it.

drop schema if exists app, base, report, ops, base_old, report_old, ops_old cascade;
