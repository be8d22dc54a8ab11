/** A month's retrospective: read chapter by chapter, commented, put into words, handed in and signed. */
import './reports.css';
import './health.css';
import './stages.css';
import './retrospective.css';
import { Alert, Button, Empty, Select, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import {
  RETROSPECTIVE_CHAPTERS,
  type Retrospective,
  type RetrospectiveChapter,
  type RetrospectiveRead,
} from '../api/contract-written.ts';
import type { Reader } from './cell-value.ts';
import { RequestFailure, sendJson, useJson } from './http.ts';
import type { ReportsProps } from './report-page.tsx';
import { chapterContent } from './retrospective-chapters.tsx';
import { Comments } from './retrospective-comments.tsx';
import { Exports } from './retrospective-exports.tsx';
import { SignBar } from './retrospective-sign.tsx';
import { RetrospectiveText } from './retrospective-text.tsx';
import { tell } from './retrospective-words.ts';
import { say } from './words.ts';

export default function RetrospectivePage({ month, lang }: ReportsProps & { month: string }) {
  const [search, setSearch] = useSearchParams();
  const [asked, setAsked] = useState(0);
  const [version, setVersion] = useState<number | null>(null);
  const [note, setNote] = useState<{ text: string; error: boolean } | null>(null);
  const number = search.get('number');
  const { data, error } = useJson<RetrospectiveRead>(
    `/api/_retrospectives/${encodeURIComponent(month)}${number ? `?number=${encodeURIComponent(number)}` : ''}`,
    { lang, version: asked, owner: `${month} ${number}` },
  );
  const title = tell(lang, 'one', { month });
  useEffect(() => {
    document.title = `${title} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [title, lang]);
  // Another reading brings its own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the reading is the trigger
  useEffect(() => setVersion(null), [data]);
  const again = () => setAsked((before) => before + 1);
  const rewrite = async () => {
    try {
      const made = await sendJson<{ number: number; written: boolean }>(
        'POST',
        `/api/_retrospectives/${month}`,
        {},
        lang,
      );
      setNote({ text: tell(lang, made.written ? 'rewritten' : 'unmoved', { number: made.number }), error: false });
      if (number) setSearch({});
      again();
    } catch (failed) {
      setNote({ text: failed instanceof Error ? failed.message : String(failed), error: true });
    }
  };
  const path = data ? `/api/_retrospectives/${month}/${data.head.number}` : '';
  return (
    <article className="report health retro">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link> /{' '}
            <Link to="/reports/retrospectives">{tell(lang, 'title')}</Link>
          </nav>
          <h1>{title}</h1>
          {data ? (
            <p className="report-describe">
              {say(lang, 'written_until', { day: data.body.last_on, known: data.body.known_until })}
            </p>
          ) : null}
        </div>
        {data ? (
          <div className="report-tools retro-screen">
            {data.numbers > 1 ? (
              <Select
                aria-label={tell(lang, 'number')}
                value={String(data.head.number)}
                onChange={(value) => setSearch({ number: value })}
                options={Array.from({ length: data.numbers }, (_, at) => ({
                  value: String(at + 1),
                  label: tell(lang, 'nth', { number: at + 1 }),
                }))}
              />
            ) : null}
            {data.may.rewrite ? <Button onClick={() => void rewrite()}>{tell(lang, 'rewrite')}</Button> : null}
            {data.head.number > 1 ? (
              <Link className="retro-tool" to={`/reports/retrospectives/${month}/changes/${data.head.number}`}>
                {tell(lang, 'changes')}
              </Link>
            ) : null}
            <Exports key={path} path={path} lang={lang} />
          </div>
        ) : null}
      </header>
      {note ? <Alert type={note.error ? 'error' : 'success'} showIcon closable title={note.text} /> : null}
      {error instanceof RequestFailure && error.status === 404 ? (
        <Empty description={tell(lang, 'missing')} />
      ) : error ? (
        <Alert type="error" showIcon title={error.message} />
      ) : data ? (
        <>
          <SignBar read={data} path={path} version={version ?? data.version} lang={lang} onDone={again} />
          <nav className="retro-contents retro-screen" aria-label={tell(lang, 'contents')}>
            {RETROSPECTIVE_CHAPTERS.map((chapter) => (
              <a key={chapter} href={`#${chapter}`}>
                {tell(lang, chapter)}
              </a>
            ))}
          </nav>
          <Chapters read={data} path={path} lang={lang} onSaved={setVersion} onSent={again} />
        </>
      ) : (
        <Skeleton active title={false} paragraph={{ rows: 14 }} />
      )}
    </article>
  );
}

function Chapters({
  read,
  path,
  lang,
  onSaved,
  onSent,
}: {
  read: RetrospectiveRead;
  path: string;
  lang: ReportsProps['lang'];
  onSaved: (version: number) => void;
  onSent: () => void;
}) {
  const { body, head, may } = read;
  const reader: Reader = { lang, currency: body.currency, today: body.last_on };
  const content = chapterContent(
    read,
    reader,
    may.write ? (
      <RetrospectiveText
        key={`${head.month_on} ${head.number}`}
        path={path}
        saved={{ text: read.text, version: read.version }}
        lang={lang}
        onSaved={onSaved}
      />
    ) : (
      <p className="retro-said">{read.text || tell(lang, 'text_none')}</p>
    ),
  );
  return (
    <div className="health-body">
      {RETROSPECTIVE_CHAPTERS.map((chapter) => (
        <section key={chapter} id={chapter} className="report-body retro-chapter" aria-labelledby={`${chapter}-title`}>
          <h2 id={`${chapter}-title`}>{tell(lang, chapter)}</h2>
          {content(chapter)}
          <Comments
            path={path}
            chapter={chapter}
            figures={figuresOf(body, chapter)}
            comments={read.comments.filter(({ anchor }) => chapterOf(body, anchor) === chapter)}
            may={may.comment}
            lang={lang}
            onSent={onSent}
          />
        </section>
      ))}
    </div>
  );
}

function figuresOf({ figures, month_on }: Retrospective, chapter: RetrospectiveChapter) {
  return figures.filter((figure) => figure.chapter === chapter && figure.step === month_on);
}

function chapterOf({ figures }: Retrospective, anchor: string): string {
  return figures.find(({ id }) => id === anchor)?.chapter ?? anchor;
}
