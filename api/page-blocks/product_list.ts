/** Products with the price that they have now; what is no longer sold is left out. */
import { blockKind } from '../campaign-pages/block-kind.ts';
import { heading, intro, listIn, safeLink } from '../campaign-pages/fields.ts';
import { html } from '../campaign-pages/html.ts';
import { f } from '../definition.ts';

interface Product {
  id: number;
  external_id: string;
  name: string;
  category: string | null;
  price: string | null;
}

export default blockKind<Product[]>({
  label: ['商品列表', 'Product list'],
  order: 50,
  fields: {
    ...heading(),
    ...intro(),
    products: f.refs({
      label: ['商品', 'Products'],
      to: 'products',
      options: { status: { eq: 'active' } },
      required: true,
      max: 24,
    }),
    product_link: f.text({
      label: ['商品链接', 'Link of a product'],
      max: 300,
      pattern: '^(https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?)?/[^\\s<>"\\\\]*$',
      help: ['{sku} 处填入商品编码，如 https://shop.example/item/{sku}', '{sku} stands for the code of the product'],
    }),
  },
  parts: ({ products }) =>
    Object.fromEntries(
      listIn<number>(products).map((id, at) => [`product_${id}`, [`商品 ${at + 1}`, `Product ${at + 1}`] as const]),
    ),
  facts: (db, { products }) => {
    const ids = listIn<number>(products);
    if (ids.length === 0) return Promise.resolve([]);
    return db
      .selectFrom('app.products')
      .select(['id', 'external_id', 'name', 'category', 'price'])
      .where('id', 'in', ids)
      .where('status', '=', 'active')
      .execute();
  },
  render: ({ block, facts, say, hm, money, heading: head }) => {
    const found = new Map(facts.map((each) => [each.id, each]));
    const shown = listIn<number>(block.products).flatMap((id) => found.get(id) ?? []);
    const linkOf = ({ external_id }: Product) =>
      safeLink(String(block.product_link ?? '').replaceAll('{sku}', encodeURIComponent(external_id)));
    return html`${say('title') && head(say('title'))}
${say('text') && html`<p>${say('text')}</p>`}
<ul class="products">${shown.map((each) => {
      const link = block.product_link ? linkOf(each) : null;
      const words = html`${each.category && html`<span class="small">${each.category}</span>`}<strong>${each.name}</strong>${
        each.price !== null && html`<span class="price">${money(each.price)}</span>`
      }`;
      return html`<li>${link ? html`<a href="${link}"${hm(`product_${each.id}`)}>${words}</a>` : html`<div${hm(`product_${each.id}`)}>${words}</div>`}</li>`;
    })}</ul>`;
  },
});
