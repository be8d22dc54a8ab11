/** What people make of the figures: saved as it is typed, and never over what somebody else has written meanwhile. */
import { Alert, Button, Input, Space } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { ApiError, Lang } from '../api/contract.ts';
import { RequestFailure, sendJson } from './http.ts';
import { tell } from './retrospective-words.ts';

/** How long nothing is typed before it is saved. */
const REST_MS = 900;
const TEXT_MAX = 20_000;

interface Saved {
  text: string;
  version: number;
}

/** @param path /api/_retrospectives/<month>/<number>. @param onSaved is told the version that a signature must name */
export function RetrospectiveText({
  path,
  saved: first,
  lang,
  onSaved,
}: {
  path: string;
  saved: Saved;
  lang: Lang;
  onSaved: (version: number) => void;
}) {
  const [text, setText] = useState(first.text);
  const [saved, setSaved] = useState(first);
  const [theirs, setTheirs] = useState<Saved | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const dirty = text !== saved.text;
  const save = useRef(async (_: Saved) => {});
  save.current = async ({ text: said, version }) => {
    setBusy(true);
    try {
      const answer = await sendJson<{ version: number }>('PUT', `${path}/text`, { text: said, version }, lang);
      setSaved({ text: said, version: answer.version });
      setFault(null);
      setTheirs(null);
      onSaved(answer.version);
    } catch (error) {
      const record = error instanceof RequestFailure ? (error.body as ApiError | null)?.record : undefined;
      if (record) setTheirs({ text: String(record.text), version: Number(record.version) });
      else setFault(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  // One at a time: what is typed meanwhile goes with the next. What failed waits for the next letter.
  useEffect(() => {
    if (text === saved.text || busy || theirs || fault) return;
    const timer = setTimeout(() => void save.current({ text, version: saved.version }), REST_MS);
    return () => clearTimeout(timer);
  }, [text, saved, busy, theirs, fault]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
  return (
    <div className="retro-text">
      <Input.TextArea
        aria-label={tell(lang, 'text')}
        placeholder={tell(lang, 'text_hint')}
        value={text}
        maxLength={TEXT_MAX}
        autoSize={{ minRows: 3, maxRows: 20 }}
        onChange={({ target }) => {
          setText(target.value);
          setFault(null);
        }}
      />
      <p className="metric-note" role="status">
        {fault
          ? tell(lang, 'unsaved', { why: fault })
          : busy || (dirty && !theirs)
            ? tell(lang, 'saving')
            : theirs
              ? ''
              : tell(lang, 'saved')}
      </p>
      {theirs ? (
        <Alert
          type="warning"
          showIcon
          title={tell(lang, 'conflict')}
          description={<p className="retro-said">{theirs.text}</p>}
          action={
            <Space orientation="vertical">
              <Button
                size="small"
                onClick={() => {
                  setText(theirs.text);
                  setSaved(theirs);
                  setTheirs(null);
                  onSaved(theirs.version);
                }}
              >
                {tell(lang, 'take_theirs')}
              </Button>
              <Button size="small" onClick={() => void save.current({ text, version: theirs.version })}>
                {tell(lang, 'keep_mine')}
              </Button>
            </Space>
          }
        />
      ) : null}
    </div>
  );
}
