/** Points: to everybody what they are good for, to a visitor who is known how many they have. */
import { sql } from 'kysely';
import { blockKind } from '../campaign-pages/block-kind.ts';
import { action, heading, intro, safeLink } from '../campaign-pages/fields.ts';
import { html } from '../campaign-pages/html.ts';

interface Balance {
  available: number;
  tier: string | null;
  tier_en: string | null;
}

export default blockKind<null, Balance | null>({
  label: ['积分', 'Points'],
  order: 30,
  fields: { ...heading(), ...intro(), ...action() },
  parts: () => ({
    balance: ['积分余额', 'Balance'],
    action: ['按钮', 'Button'],
    sign_in: ['查看积分提示', 'How to see it'],
  }),
  own: async (db, _, customer_id) => {
    const { rows } = await sql<Balance>`
      select coalesce(points_accounts.available, 0) as available, tiers.name as tier, tiers.name_en as tier_en
      from app.customers
      left join app.points_accounts
        on points_accounts.customer_id = customers.id
        and points_accounts.book_id = 0
      left join app.tier_states
        on tier_states.customer_id = customers.id
        and tier_states.book_id = 0
      left join app.tiers
        on tiers.id = tier_states.tier_id
      where customers.id = ${customer_id}::bigint
    `.execute(db);
    return rows[0] ?? null;
  },
  render: ({ block, own, lang, say, tell, hm, count, heading: head }) => {
    const link = safeLink(block.action_link);
    const tier = own && (lang === 'en' ? own.tier_en : own.tier);
    return html`${say('title') && head(say('title'))}
${say('text') && html`<p>${say('text')}</p>`}
${
  own
    ? html`<p class="balance"${hm('balance')}><strong>${count(own.available)}</strong> ${tell(['可用积分', 'points to spend'])}${
        tier && html` <span class="chip">${tier}</span>`
      }</p>`
    : html`<p class="hint"${hm('sign_in')}>${tell(['从会员消息或会员中心打开本页，即可看到您的积分。', 'Open this page from a message to members, or from your account, to see your points.'])}</p>`
}
${link && say('action') && html`<a class="button" href="${link}"${hm('action')}>${say('action')}</a>`}`;
  },
});
