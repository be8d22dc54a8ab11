-- Each channel is sent by itself: a slow one does not keep the others waiting.
drop index app.messages_due_idx;
create index messages_due_idx on app.messages (channel, due_at) where due_at is not null;
comment on column app.messages.attempts is 'How often it was taken to be sent; also says which attempt an answer belongs to.';
