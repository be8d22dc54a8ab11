/** What was said of a chapter, or of one of its figures. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import type { Lang } from '../api/contract.ts';
import type { RetrospectiveChapter, RetrospectiveComment, RetrospectiveFigure } from '../api/contract-written.ts';
import { pick } from './cell-value.ts';
import { sendJson } from './http.ts';
import { momentOf, tell } from './retrospective-words.ts';

const COMMENT_MAX = 2000;

/** @param figures those of the chapter that are of the month */
export function Comments({
  path,
  chapter,
  figures,
  comments,
  may,
  lang,
  onSent,
}: {
  path: string;
  chapter: RetrospectiveChapter;
  figures: readonly RetrospectiveFigure[];
  comments: readonly RetrospectiveComment[];
  may: boolean;
  lang: Lang;
  onSent: () => void;
}) {
  const [open, setOpen] = useState(false);
  const [anchor, setAnchor] = useState<string>(chapter);
  const [said, setSaid] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const labels = new Map(figures.map(({ id, label }) => [id, label]));
  const send = async () => {
    try {
      await sendJson('POST', `${path}/comments`, { anchor, body: said }, lang);
      setSaid('');
      setFault(null);
      setOpen(false);
      onSent();
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <footer className="retro-comments">
      <ul className="retro-list">
        {comments.map(({ id, anchor: at, body, author, written_at }) => (
          <li key={id}>
            <span className="metric-note">
              {author} · {momentOf(written_at)}
              {labels.has(at) ? ` · ${pick(lang, labels.get(at)!)}` : ''}
            </span>
            <p className="retro-said">{body}</p>
          </li>
        ))}
      </ul>
      {may && !open ? (
        <button type="button" className="report-link retro-screen" onClick={() => setOpen(true)}>
          {tell(lang, 'comment')}
        </button>
      ) : null}
      {open ? (
        <div className="retro-comment-form retro-screen">
          {figures.length > 0 ? (
            <Select
              aria-label={tell(lang, 'comment_about')}
              value={anchor}
              onChange={setAnchor}
              showSearch={{ optionFilterProp: 'label' }}
              options={[
                { value: chapter, label: tell(lang, 'whole_chapter') },
                ...figures.map(({ id, label }) => ({ value: id, label: pick(lang, label) })),
              ]}
            />
          ) : null}
          <Input.TextArea
            aria-label={tell(lang, 'comment_hint')}
            placeholder={tell(lang, 'comment_hint')}
            value={said}
            maxLength={COMMENT_MAX}
            autoSize={{ minRows: 2 }}
            onChange={({ target }) => setSaid(target.value)}
          />
          {fault ? <p className="metric-signal">{fault}</p> : null}
          <div>
            <Button type="primary" disabled={said.trim() === ''} onClick={() => void send()}>
              {tell(lang, 'send')}
            </Button>{' '}
            <Button onClick={() => setOpen(false)}>{tell(lang, 'cancel')}</Button>
          </div>
        </div>
      ) : null}
    </footer>
  );
}
