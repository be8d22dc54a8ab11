/** Asking to be told of a report, a metric or an area: how often, by what way, in which language; and no longer. */
import { App, Button, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Lang, Pair } from '../api/contract.ts';
import type {
  Subscription,
  SubscriptionAbout,
  SubscriptionChoices,
  SubscriptionInput,
} from '../api/contract-alerts.ts';
import { pick } from './cell-value.ts';
import { sendJson, useJson } from './http.ts';

const WORDS = {
  subscribe: ['订阅', 'Subscribe'],
  subscribed: ['已订阅', 'Subscribed'],
  save: ['保存', 'Save'],
  cancel: ['取消', 'Cancel'],
  saved: ['订阅已保存', 'The subscription is saved'],
  how_often: ['频率', 'How often'],
  at_once: ['有提醒时立即', 'At once, when there is an alert'],
  daily: ['每日汇总', 'Daily digest'],
  weekly: ['每周汇总', 'Weekly digest'],
  weekday: ['星期', 'Weekday'],
  hour: ['时间', 'Hour'],
  by: ['渠道', 'By'],
  language: ['语言', 'Language'],
  quiet: ['没有新内容时', 'When there is nothing new'],
  skip: ['不发送', 'Send nothing'],
  send: ['照常发送', 'Send all the same'],
  mine: ['我的订阅与退订', 'My subscriptions'],
  of_report: ['这张报表', 'this report'],
  of_metric: ['这个指标', 'this metric'],
  of_area: ['这个分类的各项指标', 'the figures of this area'],
  told_at_once: [
    '{what}一出现异常、没有数据或恢复正常，就立即通知您，每种情况只通知一次。',
    'You are told of each alert of {what} as it happens, and when it is over; of each once.',
  ],
  told_daily: [
    '每天 {hour} {way}汇总：{what}的最新数字，以及这段时间的新提醒。',
    'Each day at {hour}, {way}: the latest of {what}, and new alerts.',
  ],
  told_weekly: [
    '每{day} {hour} {way}汇总：{what}的最新数字，以及这段时间的新提醒。',
    'Each {day} at {hour}, {way}: the latest of {what}, and new alerts.',
  ],
  by_mail: ['用邮件', 'by e-mail'],
  by_webhook: ['经 Webhook ', 'by webhook'],
  told_skip: ['没有新内容的时候不打扰。', 'Nothing comes when there is nothing new.'],
  with_choices: ['按页面上现在选的条件。', 'With what is chosen on the page now.'],
} as const satisfies { [word: string]: Pair };
const DAYS: Pair[] = [
  ['周一', 'Monday'],
  ['周二', 'Tuesday'],
  ['周三', 'Wednesday'],
  ['周四', 'Thursday'],
  ['周五', 'Friday'],
  ['周六', 'Saturday'],
  ['周日', 'Sunday'],
];

/** @param params of a report: what is chosen on its page, as its address has it */
export function SubscribeButton({
  about,
  target,
  params = '',
  lang,
}: {
  about: SubscriptionAbout;
  target: string;
  params?: string;
  lang: Lang;
}) {
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [version, setVersion] = useState(0);
  const [saving, setSaving] = useState(false);
  const [form] = Form.useForm<SubscriptionInput & { way: string }>();
  const chosen = Form.useWatch([], form) as Partial<SubscriptionInput & { way: string }> | undefined;
  const frequency = chosen?.frequency;
  const { data } = useJson<SubscriptionChoices>(
    `/api/_subscriptions?about=${about}&target=${encodeURIComponent(target)}`,
    { lang, version, owner: `${about} ${target}` },
  );
  const say = (word: keyof typeof WORDS) => pick(lang, WORDS[word]);
  const mine = data?.subscriptions.filter(({ status }) => status === 'active') ?? [];
  const known = mine.find((each) => each.params === params);
  const save = async () => {
    const { way, frequency: often, weekday, hour, lang: spoken, when_quiet } = await form.validateFields();
    const endpoint_id = way === 'email' ? null : Number(way);
    const input: SubscriptionInput = {
      ...{ about, target, params, channel: endpoint_id === null ? 'email' : 'webhook', endpoint_id },
      ...{ frequency: often, lang: spoken, when_quiet: when_quiet ?? 'skip' },
      weekday: often === 'weekly' ? weekday : null,
      hour: often === 'at_once' ? null : hour,
    };
    setSaving(true);
    try {
      await sendJson<Subscription>('POST', '/api/_subscriptions', input, lang);
      message.success(say('saved'));
      setOpen(false);
      setVersion(version + 1);
    } catch (failure) {
      message.error(failure instanceof Error ? failure.message : String(failure));
    } finally {
      setSaving(false);
    }
  };
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    value: hour,
    label: hourOf(hour),
  }));
  return (
    <>
      <Button autoInsertSpace={false} disabled={!data} onClick={() => setOpen(true)}>
        {say(mine.length > 0 ? 'subscribed' : 'subscribe')}
      </Button>
      <Modal
        open={open}
        title={say('subscribe')}
        okText={say('save')}
        cancelText={say('cancel')}
        okButtonProps={{ autoInsertSpace: false }}
        cancelButtonProps={{ autoInsertSpace: false }}
        confirmLoading={saving}
        onOk={() => void save()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Form
          form={form}
          layout="vertical"
          initialValues={{
            way: known?.endpoint_id ? String(known.endpoint_id) : 'email',
            frequency: known?.frequency ?? 'at_once',
            weekday: known?.weekday ?? 1,
            hour: known?.hour ?? 8,
            lang: known?.lang ?? lang,
            when_quiet: known?.when_quiet ?? 'skip',
          }}
        >
          <Form.Item name="frequency" label={say('how_often')}>
            <Select
              options={(['at_once', 'daily', 'weekly'] as const).map((value) => ({ value, label: say(value) }))}
            />
          </Form.Item>
          {frequency === 'weekly' ? (
            <Form.Item name="weekday" label={say('weekday')}>
              <Select options={DAYS.map((day, at) => ({ value: at + 1, label: pick(lang, day) }))} />
            </Form.Item>
          ) : null}
          {frequency === 'daily' || frequency === 'weekly' ? (
            <>
              <Form.Item name="hour" label={say('hour')}>
                <Select options={hours} />
              </Form.Item>
              <Form.Item name="when_quiet" label={say('quiet')}>
                <Select options={(['skip', 'send'] as const).map((value) => ({ value, label: say(value) }))} />
              </Form.Item>
            </>
          ) : null}
          <Form.Item name="way" label={say('by')}>
            <Select
              options={[
                { value: 'email', label: data?.email ?? '' },
                ...(data?.endpoints ?? []).map(({ id, name }) => ({ value: String(id), label: `Webhook · ${name}` })),
              ]}
            />
          </Form.Item>
          <Form.Item name="lang" label={say('language')}>
            <Select
              options={[
                { value: 'zh', label: '中文' },
                { value: 'en', label: 'English' },
              ]}
            />
          </Form.Item>
        </Form>
        {chosen?.frequency ? (
          <p className="subscribe-words" role="status">
            {inWords({ ...chosen, about, params }, lang)}
          </p>
        ) : null}
        <Link to="/subscriptions?scope=mine">{say('mine')}</Link>
      </Modal>
    </>
  );
}

/** What one will be told, and when. */
function inWords(
  {
    about,
    params,
    frequency = 'at_once',
    weekday,
    hour,
    way,
    when_quiet,
  }: Partial<SubscriptionInput & { way: string }> & Pick<SubscriptionInput, 'about'>,
  lang: Lang,
): string {
  const said = (word: keyof typeof WORDS) => pick(lang, WORDS[word]);
  const values: { [name: string]: string } = {
    what: said(`of_${about}`),
    day: pick(lang, DAYS[(weekday ?? 1) - 1]!),
    hour: hourOf(hour ?? 0),
    way: said(way === 'email' ? 'by_mail' : 'by_webhook'),
  };
  const sentence = said(`told_${frequency}`).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  return [
    sentence,
    ...(frequency !== 'at_once' && when_quiet === 'skip' ? [said('told_skip')] : []),
    ...(frequency !== 'at_once' && params ? [said('with_choices')] : []),
  ].join(lang === 'zh' ? '' : ' ');
}

const hourOf = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
