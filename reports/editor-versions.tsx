/** Every text of a report that was kept: who, when, why, and what it would change in the editor. */
import { Alert, Button, Drawer, Empty, Skeleton, Tag } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { Lang } from '../api/contract.ts';
import type { ReportText } from '../api/contract-reports.ts';
import { diffLines } from './editor-diff.ts';
import { tell } from './editor-words.ts';
import { getJson, useJson } from './http.ts';

/** Lines around a change that are shown. */
const AROUND = 3;

export function EditorVersions({
  slug,
  text,
  lang,
  version,
  onRestore,
  onClose,
}: {
  slug: string;
  /** What is in the editor. */
  text: string;
  lang: Lang;
  /** Grows when something was saved. */
  version: number;
  onRestore(text: string, number: number): void;
  onClose(): void;
}) {
  const [shown, setShown] = useState<number | null>(null);
  const { data, error } = useJson<ReportText>(`/api/_report-editor/text/${slug}`, { lang, version, owner: slug });
  const one = useJson<{ text: string }>(shown === null ? null : `/api/_report-editor/text/${slug}/${shown}`, {
    lang,
    owner: String(shown),
  });
  const [failure, setFailure] = useState('');
  const restore = async (number: number) => {
    try {
      onRestore((await getJson<{ text: string }>(`/api/_report-editor/text/${slug}/${number}`, lang)).text, number);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Drawer title={tell(lang, 'versions')} open onClose={onClose} size="large">
      {error ? <Alert type="error" showIcon title={error.message} /> : null}
      {failure ? <Alert type="error" showIcon title={failure} /> : null}
      {data ? null : error ? null : <Skeleton active title={false} />}
      {data?.versions.length === 0 ? <Empty description={tell(lang, 'no_versions')} /> : null}
      <ol className="editor-versions">
        {data?.versions.map(({ number, published, note, by, at }) => (
          <li key={number}>
            <div className="editor-version">
              <strong>#{number}</strong>
              <Tag color={published ? 'green' : 'default'}>
                {tell(lang, data.report?.live_number === number ? 'live' : published ? 'published' : 'is_draft')}
              </Tag>
              <span>
                {by} · {dayjs(at).format('YYYY-MM-DD HH:mm')}
              </span>
              <Button
                autoInsertSpace={false}
                size="small"
                aria-label={`${tell(lang, 'restore')} #${number}`}
                onClick={() => void restore(number)}
              >
                {tell(lang, 'restore')}
              </Button>
              <Button
                autoInsertSpace={false}
                size="small"
                aria-expanded={shown === number}
                onClick={() => setShown(shown === number ? null : number)}
              >
                {tell(lang, 'compare')}
              </Button>
            </div>
            {note ? <p>{note}</p> : null}
            {shown === number && one.data ? <Diff before={text} after={one.data.text} lang={lang} /> : null}
            {shown === number && one.error ? <Alert type="error" title={one.error.message} /> : null}
          </li>
        ))}
      </ol>
    </Drawer>
  );
}

/** What the version would change in the editor; marked by signs as well as by colour. */
function Diff({ before, after, lang }: { before: string; after: string; lang: Lang }) {
  const lines = diffLines(before, after);
  const changes = lines.flatMap(({ kind }, index) => (kind === 'same' ? [] : [index]));
  if (changes.length === 0) return <p>{tell(lang, 'same')}</p>;
  const near = (index: number) => changes.some((change) => Math.abs(change - index) <= AROUND);
  const signs = { same: ' ', removed: '−', added: '+' } as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled with the keyboard.
    <pre className="editor-diff" tabIndex={0}>
      {lines.map(({ kind, text }, index) =>
        near(index) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name.
          <div key={index} className={`editor-diff-${kind}`}>
            {kind === 'same' ? null : <span className="editor-hidden">{tell(lang, kind)}：</span>}
            {signs[kind]} {text}
          </div>
        ) : near(index - 1) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name.
          <div key={index} className="editor-diff-gap">
            ⋯
          </div>
        ) : null,
      )}
    </pre>
  );
}
