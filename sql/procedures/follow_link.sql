create function ops.follow_link(of_code text, counts boolean)
returns text
language plpgsql
volatile
as $$
declare
  link app.message_links;
begin
  if not counts then
    return (select message_links.url from app.message_links where message_links.code = of_code);
  end if;

  update app.message_links
  set
    clicks = message_links.clicks + 1,
    first_clicked_at = coalesce(message_links.first_clicked_at, now()),
    last_clicked_at = now()
  where message_links.code = of_code
  returning message_links.* into link;

  update app.messages
  set
    clicks = messages.clicks + 1,
    clicked_at = coalesce(messages.clicked_at, now())
  where messages.customer_id = link.customer_id
    and messages.id = link.message_id;
  return link.url;
end;
$$;

comment on function ops.follow_link(text, boolean) is
  'Where a short address of a message leads, counted as a click where it was one. Null: there is none.';
