-- The programme of the demo began with its fourteen months.
update app.settings
set started_on = current_setting('seed.as_of_on')::date - 425
where settings.started_on is null;
