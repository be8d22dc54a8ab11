/** How far a retrospective is, and what the reader may do next. */
import { Alert, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import type { Lang } from '../api/contract.ts';
import type { RetrospectiveRead } from '../api/contract-written.ts';
import { sendJson } from './http.ts';
import { momentOf, type RetroWord, tell } from './retrospective-words.ts';
import { listed } from './words.ts';

export function SignBar({
  read,
  path,
  version,
  lang,
  onDone,
}: {
  read: RetrospectiveRead;
  path: string;
  version: number;
  lang: Lang;
  onDone: () => void;
}) {
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { head, may } = read;
  const act = async (step: 'submit' | 'return' | 'sign') => {
    setBusy(true);
    try {
      await sendJson('POST', `${path}/${step}`, { version }, lang);
      setFault(null);
      onDone();
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="report-body retro-sign" aria-label={tell(lang, 'state')}>
      <div>
        <strong className={`retro-state retro-state-${head.state}`}>
          {tell(lang, `state_${head.state}` as RetroWord)}
        </strong>
        <span className="metric-note">
          {' '}
          {tell(lang, 'nth', { number: head.number })} · {tell(lang, 'written')} {momentOf(head.written_at)} ·{' '}
          {tell(lang, 'authors')} {listed(lang, head.authors) || tell(lang, 'by_job')} · {tell(lang, 'fingerprint')}{' '}
          <code>{(head.signed_sha256 ?? head.sha256).slice(0, 12)}</code>
        </span>
        {head.submitted_by && !head.signed_by ? (
          <p className="metric-note">
            {tell(lang, 'submitted_by', { name: head.submitted_by, at: momentOf(head.submitted_at) })}
          </p>
        ) : null}
        {head.signed_by ? (
          <p className="metric-note">
            {tell(lang, 'signed_by', { name: head.signed_by, at: momentOf(head.signed_at) })}
          </p>
        ) : null}
      </div>
      <div className="report-tools retro-screen">
        {may.submit ? (
          <Button type="primary" loading={busy} onClick={() => void act('submit')}>
            {tell(lang, 'submit')}
          </Button>
        ) : null}
        {may.return ? (
          <Button loading={busy} onClick={() => void act('return')}>
            {tell(lang, 'return')}
          </Button>
        ) : null}
        {may.sign ? (
          <Popconfirm
            title={tell(lang, 'sign_sure')}
            okText={tell(lang, 'sign')}
            cancelText={tell(lang, 'cancel')}
            onConfirm={() => act('sign')}
          >
            <Button type="primary" loading={busy}>
              {tell(lang, 'sign')}
            </Button>
          </Popconfirm>
        ) : null}
      </div>
      {fault ? <Alert type="error" showIcon title={fault} className="retro-wide" /> : null}
    </section>
  );
}
