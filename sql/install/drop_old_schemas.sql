-- Readers of the old views hold a lock on them until their transaction ends: give up soon, the installer tries again.

set local lock_timeout = '200ms';
drop schema if exists report_old, ops_old, base_old cascade;
