/** One text in the editor: typed, checked, drawn, saved. What is typed stays in this browser until it is saved. */
import { Alert, App, Button, Dropdown, Input, Select, Skeleton, Tag } from 'antd';
import dayjs from 'dayjs';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { BrowserReport, EditorWorld, ReportSaved, ReportText } from '../api/contract-reports.ts';
import { pick, type Reader } from './cell-value.ts';
import { save as saveFile } from './download.ts';
import type { CodeHandle } from './editor-code.tsx';
import { dropDraft, keepDraft, readDraft } from './editor-draft.ts';
import { EditorPreview } from './editor-preview.tsx';
import { EditorVersions } from './editor-versions.tsx';
import { tell } from './editor-words.ts';
import { RequestFailure, sendJson } from './http.ts';
import { LinkButton } from './link-button.tsx';
import { useCheck } from './use-check.ts';
import { say } from './words.ts';

const EditorCode = lazy(() => import('./editor-code.tsx'));
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Before a text has a name. */
const NAMELESS = 'new/report';

interface Conflict {
  version: number;
  number: number;
  by: string;
}

export function ReportEditor({
  session,
  start,
  text: given,
  name: proposed,
  world,
  reader,
  dark,
}: {
  /** What its unsaved text is kept under. */
  session: string;
  /** The report that is open; null of a new one. */
  start: ReportText | null;
  text: string;
  /** "sales/by-day-copy" */
  name: string;
  world: EditorWorld;
  reader: Reader;
  dark: boolean;
}) {
  const { lang } = reader;
  const { message, modal } = App.useApp();
  const navigate = useNavigate();
  const code = useRef<CodeHandle>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const readOnly = start?.origin === 'file';
  const [draft, setDraft] = useState(() => (readOnly ? null : readDraft(session)));
  const [text, setText] = useState(draft?.text ?? given);
  const [saved, setSaved] = useState(given);
  const [report, setReport] = useState<BrowserReport | null>(start?.report ?? null);
  const [slug, setSlug] = useState(start?.slug ?? null);
  const [area, setArea] = useState(proposed.split('/')[0] || (world.areas[0]?.name ?? ''));
  const [name, setName] = useState(proposed.split('/')[1] ?? '');
  const [note, setNote] = useState('');
  const [chosen, setChosen] = useState<{ [name: string]: string[] }>({});
  const [versions, setVersions] = useState(false);
  const [saving, setSaving] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const checked = useCheck(text, { slug: slug ?? NAMELESS, chosen, lang });
  const { problem } = checked;
  const dirty = text !== saved;

  useEffect(() => {
    if (readOnly) return;
    if (dirty) keepDraft(session, text);
    else dropDraft(session);
  }, [session, text, dirty, readOnly]);

  const save = async (publish: boolean, version: number | null = report?.version ?? null) => {
    if (readOnly || saving) return;
    const target = slug ?? `${area}/${name}`;
    if (!slug && !NAME.test(name)) {
      message.warning(tell(lang, 'name_needed'));
      nameField.current?.focus();
      return;
    }
    setSaving(true);
    setFailure(null);
    try {
      const body = { text, note: note || null, version, publish };
      const kept = await sendJson<ReportSaved>('PUT', `/api/_report-editor/text/${target}`, body, lang);
      setReport(kept.report);
      setSaved(text);
      setNote('');
      setConflict(null);
      setDraft(null);
      const said = kept.problem && publish ? 'saved_wrong' : publish ? 'saved' : 'saved_draft';
      message[said === 'saved_wrong' ? 'warning' : 'success'](tell(lang, said, { number: kept.number }));
      if (!slug) {
        setSlug(target);
        navigate(`/reports/edit?report=${target}`, { replace: true, state: { same: session } });
      }
    } catch (error) {
      const failed = error instanceof RequestFailure ? error : new RequestFailure(0, String(error));
      const record = failed.status === 412 ? (failed.body?.record as unknown as Conflict | undefined) : undefined;
      if (record?.version) setConflict(record);
      else setFailure(failed);
    } finally {
      setSaving(false);
    }
  };
  const withdraw = (step: 'unpublish' | 'delete') =>
    modal.confirm({
      title: tell(lang, step === 'delete' ? 'remove_sure' : 'withdraw_sure'),
      onOk: async () => {
        try {
          await sendJson('POST', `/api/_report-editor/text/${slug}/${step}`, { version: report?.version }, lang);
          if (step === 'delete') {
            dropDraft(session);
            navigate('/reports');
          } else if (report) setReport({ ...report, live_number: null, version: report.version + 1 });
        } catch (error) {
          setFailure(error instanceof RequestFailure ? error : new RequestFailure(0, String(error)));
        }
      },
    });
  const put = (next: string) => {
    setText(next);
    code.current?.set(next);
  };
  const takeTheirs = async () => {
    dropDraft(session);
    window.location.assign(`/reports/edit?report=${slug ?? `${area}/${name}`}`);
  };
  const menu = [
    {
      key: 'download',
      label: tell(lang, 'download'),
      onClick: () =>
        saveFile(
          new Blob([text], { type: 'application/sql' }),
          `${(slug ?? (name || 'report')).split('/').at(-1)}.sql`,
        ),
    },
    ...(readOnly
      ? []
      : [
          { key: 'draft', label: tell(lang, 'draft'), onClick: () => void save(false) },
          ...(report?.live_number
            ? [{ key: 'unpublish', label: tell(lang, 'withdraw'), onClick: () => withdraw('unpublish') }]
            : []),
          ...(report
            ? [{ key: 'delete', danger: true, label: tell(lang, 'remove'), onClick: () => withdraw('delete') }]
            : []),
        ]),
  ];

  return (
    <article className="report editor">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
            <span aria-hidden="true"> / </span>
            {slug && (report?.live_number || readOnly) ? (
              <Link to={`/reports/${slug}`}>{slug}</Link>
            ) : (
              <span>{slug ?? tell(lang, 'new_chart')}</span>
            )}
          </nav>
          <h1>
            {tell(lang, slug ? 'edit' : 'new_chart')} {dirty && !readOnly ? <Tag>{tell(lang, 'unsaved')}</Tag> : null}
            {report && report.live_number === null ? <Tag>{tell(lang, 'not_live')}</Tag> : null}
          </h1>
        </div>
        <div className="report-tools">
          {slug && !readOnly ? (
            <Button autoInsertSpace={false} onClick={() => setVersions(true)}>
              {tell(lang, 'versions')}
            </Button>
          ) : null}
          <Dropdown menu={{ items: menu }} trigger={['click']}>
            <Button autoInsertSpace={false}>{tell(lang, 'more')}</Button>
          </Dropdown>
          <Button autoInsertSpace={false} onClick={() => checked.run(text, chosen)} loading={checked.busy}>
            {tell(lang, 'run')}
          </Button>
          {readOnly ? (
            <LinkButton to={`/reports/edit?copy=${slug}`}>{tell(lang, 'copy')}</LinkButton>
          ) : (
            <Button type="primary" autoInsertSpace={false} loading={saving} onClick={() => void save(true)}>
              {tell(lang, 'publish')}
            </Button>
          )}
        </div>
      </header>
      {readOnly ? <Alert type="info" showIcon title={tell(lang, 'file_read_only')} /> : null}
      {readOnly && report ? <Alert type="warning" showIcon title={tell(lang, 'behind_file')} /> : null}
      {draft && dirty ? (
        <Alert
          type="info"
          showIcon
          title={tell(lang, 'restored', { at: dayjs(draft.at).format('YYYY-MM-DD HH:mm') })}
          action={
            <Button size="small" autoInsertSpace={false} onClick={() => put(given)}>
              {tell(lang, 'discard')}
            </Button>
          }
        />
      ) : null}
      {conflict ? (
        <Alert
          type="warning"
          showIcon
          title={tell(lang, 'conflict', { by: conflict.by, number: conflict.number })}
          description={tell(lang, 'conflict_hint')}
          action={
            <div className="report-tools">
              <Button size="small" autoInsertSpace={false} onClick={() => void takeTheirs()}>
                {tell(lang, 'theirs')}
              </Button>
              <Button size="small" autoInsertSpace={false} onClick={() => void save(true, conflict.version)}>
                {tell(lang, 'mine')}
              </Button>
            </div>
          }
        />
      ) : null}
      <Failure failure={failure ?? checked.failure} lang={lang} />
      {readOnly ? null : (
        <div className="editor-name">
          {slug ? null : (
            <>
              <Select
                aria-label={tell(lang, 'area')}
                value={area}
                options={world.areas.map((each) => ({ value: each.name, label: pick(lang, each.label) }))}
                onChange={setArea}
                popupMatchSelectWidth={false}
              />
              <Input
                ref={(field) => {
                  nameField.current = field?.input ?? null;
                }}
                aria-label={tell(lang, 'name')}
                placeholder={tell(lang, 'name_hint')}
                status={name && !NAME.test(name) ? 'error' : ''}
                value={name}
                maxLength={60}
                onChange={(event) => setName(event.target.value)}
              />
            </>
          )}
          <Input
            aria-label={tell(lang, 'note')}
            placeholder={tell(lang, 'note')}
            value={note}
            maxLength={200}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
      )}
      <div className="editor-halves">
        <section aria-label={tell(lang, 'code')}>
          <Suspense fallback={<Skeleton active paragraph={{ rows: 12 }} />}>
            <EditorCode
              initial={text}
              readOnly={readOnly}
              world={world}
              lang={lang}
              problem={problem}
              onChange={setText}
              onSave={() => void save(true)}
              onPreview={() => checked.run(text, chosen)}
              handle={code}
            />
          </Suspense>
          <div className={problem ? 'editor-problem' : 'editor-fine'} role="status">
            {problem ? (
              <>
                <button
                  type="button"
                  className="report-link"
                  onClick={() => code.current?.go(problem.line, problem.column)}
                >
                  {tell(lang, 'at', { line: problem.line, column: problem.column })}
                </button>
                <strong>{problem.message}</strong>
                {problem.hint ? <span>{problem.hint}</span> : null}
              </>
            ) : checked.failure ? null : (
              tell(lang, checked.busy ? 'checking' : 'checked')
            )}
          </div>
          <p id="editor-keys" className="report-foot">
            {tell(lang, 'keys')}
          </p>
        </section>
        <section aria-label={tell(lang, 'preview')} className="report-body">
          <EditorPreview
            picture={checked.picture}
            wrong={problem !== null}
            busy={checked.busy}
            reader={reader}
            dark={dark}
            chosen={chosen}
            onChoose={setChosen}
          />
        </section>
      </div>
      {versions && slug ? (
        <EditorVersions
          slug={slug}
          text={text}
          lang={lang}
          version={report?.version ?? 0}
          onRestore={(old, number) => {
            put(old);
            setNote(tell(lang, 'restored_note', { number }));
            setVersions(false);
          }}
          onClose={() => setVersions(false)}
        />
      ) : null}
    </article>
  );
}

function Failure({ failure, lang }: { failure: RequestFailure | null; lang: Reader['lang'] }) {
  if (!failure) return null;
  if (failure.status !== 401) return <Alert type="error" showIcon title={failure.message} />;
  return (
    <Alert
      type="warning"
      showIcon
      title={tell(lang, 'signed_out')}
      action={
        <a href="/sign-in" target="_blank" rel="noreferrer">
          {tell(lang, 'sign_in')}
        </a>
      }
    />
  );
}
