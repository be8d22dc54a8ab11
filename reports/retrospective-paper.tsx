/**
 * A retrospective on A4: the same chapters as on the screen behind a heading that says which writing of which month this is, and
 * who signed it. Nothing on it can be pressed. Says on the document's element when everything stands (`data-paper`).
 */
import './reports.css';
import './health.css';
import './stages.css';
import './retrospective.css';
import './print.css';
import './paper.css';
import { useEffect } from 'react';
import type { Lang } from '../api/contract.ts';
import { RETROSPECTIVE_CHAPTERS, type RetrospectiveHead, type RetrospectiveRead } from '../api/contract-written.ts';
import type { Reader } from './cell-value.ts';
import { useJson } from './http.ts';
import { chapterContent } from './retrospective-chapters.tsx';
import { momentOf, type RetroWord, tell } from './retrospective-words.ts';
import { listed } from './words.ts';

export default function RetrospectivePaper({
  month,
  number,
  lang,
}: {
  month: string;
  number: string | null;
  lang: Lang;
}) {
  const { data, error } = useJson<RetrospectiveRead>(
    `/api/_retrospectives/${encodeURIComponent(month)}${number ? `?number=${encodeURIComponent(number)}` : ''}`,
    { lang, owner: `${month} ${number}` },
  );
  const title = tell(lang, 'one', { month });
  useEffect(() => {
    document.title = title;
    if (error) document.documentElement.dataset.paper = error.message || 'failed';
    else if (data) void settled().then(() => (document.documentElement.dataset.paper = 'ready'));
  }, [data, error, title]);
  if (error) return <main className="paper">{error.message}</main>;
  if (!data) return null;
  const { body, head } = data;
  const reader: Reader = { lang, currency: body.currency, today: body.last_on };
  const said = <p className="retro-said">{data.text || tell(lang, 'text_none')}</p>;
  const content = chapterContent(data, reader, said);
  const state = tell(lang, `state_${head.state}` as RetroWord);
  return (
    <main className="report health retro paper" lang={lang === 'zh' ? 'zh-CN' : 'en'}>
      <style>
        {pageFeet(lang, [
          `${lang === 'zh' ? '常青' : 'Evergreen'} · ${title}`,
          tell(lang, 'nth', { number: head.number }),
          state,
        ])}
      </style>
      <header className="paper-head">
        <p className="paper-mark">常青 Evergreen</p>
        <h1>{title}</h1>
        <Facts head={head} body={body} state={state} lang={lang} />
        {head.state === 'signed' ? null : (
          <p className="paper-caution">
            {tell(lang, head.state === 'superseded' ? 'superseded_note' : 'not_signed_note')}
          </p>
        )}
        <nav aria-label={tell(lang, 'contents')}>
          <ol className="paper-contents">
            {RETROSPECTIVE_CHAPTERS.map((chapter) => (
              <li key={chapter}>
                <a href={`#${chapter}`}>{tell(lang, chapter)}</a>
              </li>
            ))}
          </ol>
        </nav>
      </header>
      {RETROSPECTIVE_CHAPTERS.map((chapter, at) => (
        <section key={chapter} id={chapter} className="retro-chapter" aria-labelledby={`${chapter}-title`}>
          <h2 id={`${chapter}-title`}>
            <span className="paper-number">{at + 1}</span> {tell(lang, chapter)}
          </h2>
          {content(chapter)}
        </section>
      ))}
    </main>
  );
}

function Facts({
  head,
  body,
  state,
  lang,
}: {
  head: RetrospectiveHead;
  body: RetrospectiveRead['body'];
  state: string;
  lang: Lang;
}) {
  const signed = head.signed_by && tell(lang, 'signed_by', { name: head.signed_by, at: momentOf(head.signed_at) });
  const facts: [label: RetroWord, value: string | null][] = [
    ['state', `${state} · ${tell(lang, 'nth', { number: head.number })}`],
    ['last_day', body.last_on],
    ['written', momentOf(head.written_at)],
    ['authors', listed(lang, head.authors) || tell(lang, 'by_job')],
    ['signed', signed || tell(lang, 'unsigned')],
    ['sha256', head.sha256],
    ['signed_sha256', head.signed_sha256],
  ];
  return (
    <dl className="paper-facts">
      {facts.map(([label, value]) =>
        value ? (
          <div key={label} className={`paper-fact-${label}`}>
            <dt>{tell(lang, label)}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

/** At the foot of every page: what it is, and which page of how many. */
function pageFeet(lang: Lang, said: string[]): string {
  const quoted = (text: string) => JSON.stringify(text.replace(/[\\\n<]/g, ' '));
  const pages = tell(lang, 'page_of', { page: '{page}', pages: '{pages}' })
    .split(/(\{\w+\})/)
    .map((part) => (part === '{page}' ? 'counter(page)' : part === '{pages}' ? 'counter(pages)' : quoted(part)))
    .join(' ');
  return `@page { @bottom-left { content: ${quoted(said.join(' · '))}; } @bottom-right { content: ${pages}; } }`;
}

/** Everything that loads has: type, and charts that are drawn later than the page. */
async function settled(): Promise<void> {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let tries = 0; tries < 600; tries++) {
    await frame();
    if (!document.querySelector('.paper .ant-skeleton, .paper [aria-busy="true"]')) break;
  }
  // Only at the foot of pages, where no text of the document asks for them.
  await document.fonts.load('9pt "Noto Sans SC Variable"', '第页，共0123456789Page of版');
  await document.fonts.ready;
  await frame();
}
