-- An action of the definition can be run for many records at once, as one change.
alter table app.bulk_changes drop constraint bulk_changes_action_check;
alter table app.bulk_changes add constraint bulk_changes_action_check
  check (action in ('update', 'delete', 'undo', 'action'));
