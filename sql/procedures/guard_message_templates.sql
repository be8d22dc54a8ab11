-- After a change of a template: its texts can be filled in, each of its channels has one, and what it says is kept as a version.
create function ops.guard_message_templates(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  -- Known of every customer (ops.message_values).
  known constant text[] := array['name', 'customer_no', 'tier', 'points', 'programme'];
  wrong record;
  lacking text;
begin
  if after is null then
    if exists (select from app.messages where messages.template_id = record_id) then
      raise exception '已有消息使用此模板 | Messages were made from this template'
        using errcode = 'EG409', hint = '可将其停用 | It can be retired instead';
    end if;
    return;
  end if;

  select
    texts.field,
    substring(regexp_replace(texts.words, '\{\{\s*(link:[^{}|]*[^{}|\s]|[a-z][a-z0-9_]*)\s*(\|[^{}]*)?\}\}', '', 'g') from '.{0,12}(?:\{\{|\}\}).{0,12}') as part
  into wrong
  from jsonb_each_text(after) as texts (field, words)
  where texts.field ~ '_(subject|body)(_en)?$'
    and regexp_replace(texts.words, '\{\{\s*(link:[^{}|]*[^{}|\s]|[a-z][a-z0-9_]*)\s*(\|[^{}]*)?\}\}', '', 'g') ~ '\{\{|\}\}'
  limit 1;
  if found then
    raise exception '看不懂“%”：变量写作 {{name}} 或 {{name|默认文字}}，链接写作 {{link:https://…}} | “%” is not understood: write {{name}}, {{name|otherwise}} or {{link:https://…}}', wrong.part, wrong.part
      using errcode = 'EG422', column = wrong.field;
  end if;

  select
    texts.field,
    placeholders.url
  into wrong
  from jsonb_each_text(after) as texts (field, words)
  cross join lateral ops.template_placeholders(texts.words) as placeholders
  where texts.field ~ '_(subject|body)(_en)?$'
    and placeholders.url is not null
    and (placeholders.url !~ '^https?://[^/\s@:]+(:[0-9]{1,5})?(/\S*|\?\S*)?$' or texts.field ~ '_subject(_en)?$')
  limit 1;
  if found then
    raise exception '链接“%”须是 https:// 开头的完整地址，且只能放在正文中 | The link “%” must be a whole address, in the text and not in the subject', wrong.url, wrong.url
      using errcode = 'EG422', column = wrong.field;
  end if;

  -- A text in one language does for both.
  select channels.channel
  into lacking
  from jsonb_array_elements_text(after -> 'channels') as channels (channel)
  where coalesce(after ->> (channels.channel || '_body'), after ->> (channels.channel || '_body_en')) is null
  limit 1;
  if found then
    raise exception '请填写此渠道的正文 | Write the text of this channel' using errcode = 'EG422', column = lacking || '_body';
  end if;

  select channels.channel
  into lacking
  from jsonb_array_elements_text(after -> 'channels') as channels (channel)
  where channels.channel in ('email', 'in_site', 'push')
    and coalesce(after ->> (channels.channel || '_subject'), after ->> (channels.channel || '_subject_en')) is null
  limit 1;
  if found then
    raise exception '请填写此渠道的标题 | Write the subject of this channel' using errcode = 'EG422', column = lacking || '_subject';
  end if;

  insert into app.message_template_versions (template_id, number, category, status, channels, needs, texts, created_by)
  select
    record_id,
    1 + coalesce((
      select max(message_template_versions.number)
      from app.message_template_versions
      where message_template_versions.template_id = record_id
    ), 0),
    after ->> 'category',
    after ->> 'status',
    array(select jsonb_array_elements_text(after -> 'channels')),
    jsonb_object_agg(channels.channel, channels.needs),
    jsonb_object_agg(channels.channel, channels.texts),
    nullif(user_id, 0)
  from (
    select
      of_channel.channel,
      (
        select coalesce(jsonb_agg(distinct placeholders.name), '[]')
        from jsonb_each_text(after) as texts (field, words)
        cross join lateral ops.template_placeholders(texts.words) as placeholders
        where texts.field ~ ('^' || of_channel.channel || '_(subject|body)(_en)?$')
          and placeholders.name is not null
          and placeholders.otherwise is null
          and placeholders.name <> all (known)
      ) as needs,
      jsonb_build_object(
        'zh', jsonb_build_object(
          'subject', coalesce(after ->> (of_channel.channel || '_subject'), after ->> (of_channel.channel || '_subject_en')),
          'body', coalesce(after ->> (of_channel.channel || '_body'), after ->> (of_channel.channel || '_body_en'))
        ),
        'en', jsonb_build_object(
          'subject', coalesce(after ->> (of_channel.channel || '_subject_en'), after ->> (of_channel.channel || '_subject')),
          'body', coalesce(after ->> (of_channel.channel || '_body_en'), after ->> (of_channel.channel || '_body'))
        )
      ) as texts
    from jsonb_array_elements_text(after -> 'channels') as of_channel (channel)
  ) as channels;
end;
$$;

comment on function ops.guard_message_templates(bigint, bigint, jsonb, jsonb) is
  'The texts of a template can be filled in and each of its channels has one. Keeps what it says as its next version; one of which there are messages is not deleted.';
