/** How the messages of a template read, channel by channel and in both languages, with a customer's values or made-up ones. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Impact, Row } from '../contract.ts';
import { CHANNELS, type Channel } from '../outbox/channels.ts';
import { render, type Values } from '../outbox/render.ts';

const MADE_UP: { [lang: string]: Values } = {
  zh: { name: '林小满', tier: '金卡会员', points: 1280, customer_no: 'C-1001' },
  en: { name: 'Ada', tier: 'Gold', points: 1280, customer_no: 'C-1001' },
};
const SHORT = 'https://…/l/Ab3dE6gH9';

export async function impact(deps: Deps, { values }: { values: Row }): Promise<Impact> {
  const started = performance.now();
  const customer = (values.preview_customer_id ?? null) as number | null;
  const { rows } = await sql<{ tells: Values; zh: string; en: string }>`
    select told.tells, settings.programme_name_zh as zh, settings.programme_name_en as en
    from ops.message_values(array[${customer ?? 0}]::bigint[]) as told
    cross join app.settings
  `.execute(deps.db);
  const { tells, ...programme } = rows[0]!;
  const known = (lang: 'zh' | 'en') => ({
    ...tells,
    ...(customer === null ? MADE_UP[lang] : {}),
    programme: programme[lang],
  });
  const missing = new Set<string>();
  const say = (text: string, lang: 'zh' | 'en') => {
    // What will be given only when it is sent stands there as it is written.
    const later: { [name: string]: string } = {};
    for (const [whole, name] of text.matchAll(/\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g))
      if (!(name! in known(lang))) later[name!] = whole;
    for (const name of Object.keys(later)) missing.add(name);
    return render({ subject: null, body: text }, { ...known(lang), ...later }, () => SHORT).body;
  };
  const channels = ((values.channels ?? []) as Channel[]).filter((channel) => channel in CHANNELS);
  const tables = channels.map((channel): Impact['tables'][number] => {
    const text = (part: string, lang: 'zh' | 'en') => {
      const [own, other] = lang === 'zh' ? ['', '_en'] : ['_en', ''];
      return String(values[`${channel}_${part}${own}`] ?? values[`${channel}_${part}${other}`] ?? '');
    };
    const row = (part: string) => ({ zh: say(text(part, 'zh'), 'zh'), en: say(text(part, 'en'), 'en') });
    // The subject stands over the text, as it does when it arrives.
    const subject = text('subject', 'zh') ? [row('subject')] : [];
    return {
      title: CHANNELS[channel],
      columns: [
        { name: 'zh', label: ['中文', 'Chinese'], unit: 'text' },
        { name: 'en', label: ['英文', 'English'], unit: 'text' },
      ],
      rows: [...subject, row('body')],
    };
  });
  return {
    lines: [...lengths(values, channels), ...asked(missing)],
    tables,
    took_ms: Math.round(performance.now() - started),
  };
}

/** An SMS of more than seventy signs is paid for as several. */
function lengths(values: Row, channels: readonly Channel[]): Impact['lines'] {
  const signs = [...String(values.sms_body ?? '')].length;
  if (!channels.includes('sms') || signs <= 70) return [];
  const parts = Math.ceil(signs / 67);
  return [
    {
      tone: 'warning',
      text: [`短信约 ${signs} 字，按 ${parts} 条计费`, `The SMS has about ${signs} signs and is paid for as ${parts}`],
    },
  ];
}

function asked(missing: ReadonlySet<string>): Impact['lines'] {
  if (missing.size === 0) return [];
  const names = [...missing].join('、');
  return [
    {
      tone: 'info',
      text: [
        `发送时须给出：${names}；缺少时该条消息不发送`,
        `To be given when it is sent: ${[...missing].join(', ')}; without them a message is suppressed`,
      ],
    },
  ];
}
