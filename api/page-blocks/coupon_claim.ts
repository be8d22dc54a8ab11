/** A coupon to be claimed by visitors who are known; the others read what it is and how they come to it. */
import { blockKind } from '../campaign-pages/block-kind.ts';
import { heading, intro, line } from '../campaign-pages/fields.ts';
import { html } from '../campaign-pages/html.ts';
import { REFUSALS } from '../coupon-refusals.ts';
import { f } from '../definition.ts';
import { claimCoupon } from '../engine/coupons.ts';

interface Template {
  code: string;
  name: string;
  name_en: string;
  terms: string | null;
  claim_until_at: string | null;
}
interface Coupon {
  status: string;
  code: string | null;
  valid_until_at: string | null;
}

export default blockKind<Template | null, Coupon | null>({
  label: ['领取优惠券', 'Coupon claim'],
  order: 35,
  fields: {
    ...heading(),
    ...intro(),
    coupon_template_id: f.ref({
      label: ['优惠券', 'Coupon'],
      to: 'coupon_templates',
      options: { status: { in: ['active', 'paused'] }, distribution: { eq: 'claim' } },
      required: true,
      help: ['须为“客户领取”的优惠券', 'One that customers claim'],
    }),
    ...line('claim', ['领取按钮文字', 'Button to claim'], { max: 20 }),
  },
  parts: () => ({
    coupon: ['券面', 'Coupon'],
    claim: ['领取按钮', 'Claim button'],
    sign_in: ['领取提示', 'How to claim'],
  }),
  facts: async (db, { coupon_template_id }) =>
    (await db
      .selectFrom('app.coupon_templates')
      .select(['code', 'name', 'name_en', 'terms', 'claim_until_at'])
      .where('id', '=', Number(coupon_template_id ?? 0))
      .where('status', 'in', ['active', 'paused'])
      .executeTakeFirst()) ?? null,
  own: async (db, { coupon_template_id }, customer_id) =>
    (await db
      .selectFrom('app.coupons')
      .select(['status', 'code', 'valid_until_at'])
      .where('customer_id', '=', customer_id)
      .where('template_id', '=', Number(coupon_template_id ?? 0))
      .where('status', 'in', ['waiting', 'inactive', 'claimed', 'reserved'])
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()) ?? null,
  act: async (trx, { coupon_template_id }, { customer_id, external_id }) => {
    const template = await trx
      .selectFrom('app.coupon_templates')
      .select('code')
      .where('id', '=', Number(coupon_template_id ?? 0))
      .executeTakeFirst();
    if (!template) return REFUSALS.code_unknown!;
    const asked = { source: 'page', external_id, template: template.code };
    const { answer, refusal } = await claimCoupon(trx, { customer_id, asked });
    return answer === 'refused' ? (REFUSALS[refusal ?? ''] ?? REFUSALS.not_active!) : null;
  },
  render: ({ facts, own, form, said, lang, say, tell, hm, day, heading: head }) => {
    const name = facts && (lang === 'en' ? facts.name_en : facts.name);
    const title = say('title') || tell(['领取优惠券', 'Claim your coupon']);
    return html`${head(title)}
${say('text') && html`<p>${say('text')}</p>`}
${
  facts &&
  html`<div class="coupon"${hm('coupon')}><strong>${name}</strong>${facts.terms && lang === 'zh' && html`<span class="small">${facts.terms}</span>`}${
    facts.claim_until_at &&
    html`<span class="small">${tell([`${day(facts.claim_until_at)} 前领取`, `Claim it before ${day(facts.claim_until_at)}`])}</span>`
  }</div>`
}
${said && html`<p class="note" role="alert">${tell(said)}</p>`}
${
  own
    ? html`<p class="ok" role="status">${tell(['已领取', 'It is yours'])}${own.code && html`${tell(['，券码 ', ', code '])}<code>${own.code}</code>`}${
        own.valid_until_at &&
        tell([`，${day(own.valid_until_at)} 前使用`, `, to be used before ${day(own.valid_until_at)}`])
      }</p>`
    : form
      ? html`<form method="post" action="${form.action}">${form.hidden}<button class="button"${hm('claim')}>${
          say('claim') || tell(['立即领取', 'Claim it'])
        }</button></form>`
      : html`<p class="hint"${hm('sign_in')}>${tell(['会员专享：从会员消息或会员中心打开本页即可领取。', 'For members: open this page from a message to members, or from your account, to claim it.'])}</p>`
}`;
  },
});
