/** The blocks of campaign pages: nothing that is written in them becomes markup, and one more kind is one more file. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, blockKind } from '../../api/campaign-pages/block-kind.ts';
import { BLOCK_KINDS, blockFields } from '../../api/campaign-pages/block-kinds.ts';
import { elementsOf, type PageContent, renderPage } from '../../api/campaign-pages/document.ts';
import { html } from '../../api/campaign-pages/html.ts';
import { richText } from '../../api/campaign-pages/rich-text.ts';
import { chosen } from '../../api/campaign-pages/visitor.ts';
import type { Field, Json, Lang, Row } from '../../api/contract.ts';
import { f } from '../../api/definition.ts';

const programme = { time_zone: 'Asia/Shanghai', currency: 'CNY', programme_name: ['常青', 'Evergreen'] as const };

function draw(
  blocks: readonly Block[],
  lang: Lang,
  facts = new Map<string, unknown>(),
  own = new Map<string, unknown>(),
) {
  const content: PageContent = {
    title: '页',
    title_en: 'Page',
    summary: null,
    summary_en: null,
    accent: 'green',
    blocks,
  };
  const form = () => ({ action: '/p/x', hidden: html`<input type="hidden" name="n" value="1">` });
  const known = own.size > 0 ? { own, form } : {};
  return renderPage(content, { lang, programme, facts, address: '/p/x', tracker: null, ...known }).text;
}

/** Every text of the kind says the same. */
function filled(kind: string, words: string): Block {
  const of = (fields: { [name: string]: Field }): Row =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, wordsOf(field)]));
  const wordsOf = (field: Field): Json => {
    if (field.kind === 'items') return [of(field.fields), of(field.fields)];
    if (field.kind === 'refs') return [1];
    if (field.kind === 'ref') return 1;
    return words;
  };
  return { ...of(BLOCK_KINDS.get(kind)!.fields), code: 'block', kind };
}

/** What the kinds are about, with the same words in every text. */
const FACTS: { [kind: string]: (words: string) => unknown } = {
  product_list: (w) => [{ id: 1, external_id: w, name: w, category: w, price: '1.00' }],
  benefit_card: (w) => ({ name: w, name_en: w, benefits: [{ name: w, name_en: w, quota: 1 }] }),
  task_progress: (w) => ({
    code: w,
    name: w,
    name_en: w,
    steps: [{ name: w, name_en: w, target: 3, points: 1, coupon: [w, w] }],
  }),
  coupon_claim: (w) => ({ code: w, name: w, name_en: w, terms: w, claim_until_at: null }),
};
const OWN: { [kind: string]: (words: string) => unknown } = {
  points: (w) => ({ available: 1, tier: w, tier_en: w }),
  coupon_claim: (w) => ({ status: 'claimed', code: w, valid_until_at: null }),
};

/** Tags with the names of their attributes: all that a browser does something with. */
const skeleton = (page: string): string[] =>
  [...page.slice(page.indexOf('<main>')).matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));

describe.each([...BLOCK_KINDS.keys()])('words of a block of kind %s', (kind) => {
  test('never become markup, whatever they are, in either language', () => {
    const page = (words: string, lang: Lang) => {
      const facts = new Map([['block', FACTS[kind]?.(words) ?? null]]);
      const own = new Map([['block', OWN[kind]?.(words) ?? null]]);
      return [draw([filled(kind, words)], lang, facts), draw([filled(kind, words)], lang, facts, own)];
    };
    const sign = fc.constantFrom(
      ...'<>"\'&=/ ;:!-x',
      '</p>',
      '<script>',
      '"><img src=x onerror=1>',
      '&lt;',
      '\u2028',
      '\u202e',
      '💩',
    );
    // Rich text makes something of its own marks: those are left to its own test.
    const words = fc.array(sign, { minLength: 1, maxLength: 30 }).map((signs) => `w${signs.join('')}w`);
    const plain = { zh: page('words', 'zh').map(skeleton), en: page('words', 'en').map(skeleton) };
    fc.assert(
      fc.property(words, fc.constantFrom<Lang>('zh', 'en'), (text, lang) => {
        expect(page(text, lang).map(skeleton)).toEqual(plain[lang]);
      }),
      { numRuns: 300 },
    );
  });

  test('stamp only parts that it names, and everything it names is an element', () => {
    const facts = new Map([['block', FACTS[kind]?.('w') ?? null]]);
    const block = filled(kind, 'w');
    const known = new Set(elementsOf({ blocks: [block] }).map(({ id }) => id));
    for (const own of [new Map(), new Map([['block', OWN[kind]?.('w') ?? null]])]) {
      for (const [, id] of draw([block], 'zh', facts, own).matchAll(/data-hm="([^"]+)"/g)) expect(known).toContain(id);
    }
  });
});

describe('rich text', () => {
  test('knows paragraphs, headings, lists, bold and links, and nothing else', () => {
    const text = '## 标题\n第一行\n第二行\n\n- **一** 与 [二](https://a.example/x?y=1&z=2)\n- 三\n\n> 引用 <b>不是</b>';
    expect(richText(text).text).toBe(
      '<h3>标题</h3><p>第一行<br>第二行</p><ul><li><strong>一</strong> 与 <a href="https://a.example/x?y=1&amp;z=2">二</a></li><li>三</li></ul><p>&gt; 引用 &lt;b&gt;不是&lt;/b&gt;</p>',
    );
  });

  test('makes only its own tags, and links only to where links may lead, of any text', () => {
    const sign = fc.constantFrom(
      ...'*[]()#- \n<>"\'&',
      '**',
      '](',
      '[x](javascript:alert(1))',
      '[x](https://a.example)',
      '## ',
      '\n\n',
      'https://',
      '"onclick=',
      'word',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        const made = richText(signs.join('')).text;
        for (const [tag] of made.matchAll(/<[^>]*>/g))
          expect(tag).toMatch(/^<(\/?(p|h3|ul|li|strong)|br|\/a|a href="(https:\/\/|\/|#)[^"<>]*")>$/);
      }),
      { numRuns: 1000 },
    );
  });
});

test('kinds share a field only where they mean the same by it', () => {
  const kind = (label: string) =>
    blockKind({
      ...{ label: ['甲', 'A'], order: 1, parts: () => ({}), render: () => html`` },
      fields: { words: f.text({ label: ['词', label] }) },
    });
  const shared = blockFields(
    new Map([
      ['a', kind('Words')],
      ['b', kind('Words')],
    ]),
  );
  expect(shared.words).toMatchObject({ showWhen: { kind: { in: ['a', 'b'] } }, whenHidden: 'clear' });
  expect(() =>
    blockFields(
      new Map([
        ['a', kind('Words')],
        ['b', kind('Others')],
      ]),
    ),
  ).toThrow(/b\.ts: "words" is another/);
});

test('a larger share of the newer version takes visitors only from the older', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 1, max: 98 }),
      (draw, share) => {
        const of = (percent: number) =>
          chosen(
            [
              { number: 1, share_rate: String((100 - percent) / 100) },
              { number: 2, share_rate: String(percent / 100) },
            ],
            draw,
          )!;
        if (of(share).number === 2) expect(of(share + 1).number).toBe(2);
      },
    ),
  );
  expect(chosen([], 0.5)).toBeUndefined();
  expect(chosen([{ share_rate: '0.2' }], 0.99)).toEqual({ share_rate: '0.2' });
});
