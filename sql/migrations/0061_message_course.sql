-- The course of a customer is read by time, a page at once.
create index messages_course_idx on app.messages (customer_id, queued_at, id);
