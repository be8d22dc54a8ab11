/** What a package of benefits holds, as it holds now. */
import { blockKind } from '../campaign-pages/block-kind.ts';
import { heading, intro } from '../campaign-pages/fields.ts';
import { html } from '../campaign-pages/html.ts';
import { f } from '../definition.ts';

interface Card {
  name: string;
  name_en: string;
  benefits: { name: string; name_en: string; quota: number | null }[];
}

export default blockKind<Card | null>({
  label: ['权益卡', 'Benefit card'],
  order: 40,
  fields: {
    ...heading(),
    ...intro(),
    package_id: f.ref({
      label: ['权益包', 'Package'],
      to: 'benefit_packages',
      options: { status: { eq: 'active' } },
      required: true,
    }),
  },
  parts: () => ({ card: ['权益卡片', 'Card'] }),
  facts: async (db, { package_id }) => {
    const card = await db
      .selectFrom('app.benefit_packages')
      .select(['name', 'name_en'])
      .where('id', '=', Number(package_id ?? 0))
      .where('status', '=', 'active')
      .executeTakeFirst();
    if (!card) return null;
    const benefits = await db
      .selectFrom('app.benefit_package_items as items')
      .innerJoin('app.benefits', 'app.benefits.id', 'items.benefit_id')
      .select((row) => [
        'app.benefits.name',
        'app.benefits.name_en',
        row.fn.coalesce('items.quota', 'app.benefits.quota').as('quota'),
      ])
      .where('items.package_id', '=', Number(package_id))
      .orderBy('items.position')
      .orderBy('items.id')
      .execute();
    return { ...card, benefits };
  },
  render: ({ facts, lang, say, tell, hm, heading: head }) => {
    const name = (of: { name: string; name_en: string }) => (lang === 'en' ? of.name_en : of.name);
    const title = say('title') || (facts ? name(facts) : '');
    return html`${title && head(title)}
${say('text') && html`<p>${say('text')}</p>`}
${
  facts &&
  html`<ul class="card-list"${hm('card')}>${facts.benefits.map(
    (each) =>
      html`<li>${name(each)}${each.quota !== null && html` <span class="small">${tell([`${each.quota} 次`, `× ${each.quota}`])}</span>`}</li>`,
  )}</ul>`
}`;
  },
});
