/** One text in the editor: typed, checked, drawn, saved. What is typed stays in this browser until it is saved. */
import { type InputRef, Skeleton } from 'antd';
import { lazy, Suspense, useRef, useState } from 'react';
import type { Lang } from '../api/contract.ts';
import type { EditorWorld, ReportText } from '../api/contract-reports.ts';
import type { Reader } from './cell-value.ts';
import { EditorBar } from './editor-bar.tsx';
import type { CodeHandle } from './editor-code.tsx';
import { EditorName } from './editor-name.tsx';
import { EditorNotices } from './editor-notices.tsx';
import { EditorPreview } from './editor-preview.tsx';
import { EditorVersions } from './editor-versions.tsx';
import { tell } from './editor-words.ts';
import { useWriting } from './editor-writing.ts';
import { type Checked, useCheck } from './use-check.ts';

const EditorCode = lazy(() => import('./editor-code.tsx'));
/** Before a text has a name. */
const NAMELESS = 'new/report';

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
  const code = useRef<CodeHandle>(null);
  const nameField = useRef<InputRef>(null);
  const [chosen, setChosen] = useState<{ [name: string]: string[] }>({});
  const [versions, setVersions] = useState(false);
  const writing = useWriting({
    ...{ session, start, text: given, name: proposed, areas: world.areas, lang },
    onNameless: () => nameField.current?.focus(),
  });
  const { text, slug, readOnly, report } = writing;
  const checked = useCheck(text, { slug: slug ?? NAMELESS, chosen, lang });
  const run = () => checked.run(text, chosen);
  const put = (next: string) => {
    writing.setText(next);
    code.current?.set(next);
  };

  return (
    <article
      className="report editor"
      // As in the text itself.
      onKeyDown={(event) => {
        if (event.isDefaultPrevented() || event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void writing.save(true);
      }}
    >
      <EditorBar {...{ writing, lang }} checking={checked.busy} onRun={run} onVersions={() => setVersions(true)} />
      <EditorNotices {...{ writing, lang }} failure={writing.failure ?? checked.failure} onDiscard={() => put(given)} />
      {readOnly ? null : <EditorName {...{ writing, lang }} areas={world.areas} field={nameField} />}
      <div className="editor-halves">
        <section aria-label={tell(lang, 'code')}>
          <Suspense fallback={<Skeleton active title={false} paragraph={{ rows: 12 }} />}>
            <EditorCode
              initial={text}
              readOnly={readOnly}
              world={world}
              lang={lang}
              problem={checked.problem}
              onChange={writing.setText}
              onSave={() => void writing.save(true)}
              onPreview={run}
              handle={code}
            />
          </Suspense>
          <Standing checked={checked} lang={lang} onGo={(line, column) => code.current?.go(line, column)} />
          <p id="editor-keys" className="report-foot">
            {tell(lang, 'keys')}
          </p>
        </section>
        <section aria-label={tell(lang, 'preview')} className="report-body">
          <EditorPreview
            picture={checked.picture}
            wrong={checked.problem !== null}
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
            writing.setNote(tell(lang, 'restored_note', { number }));
            setVersions(false);
          }}
          onClose={() => setVersions(false)}
        />
      ) : null}
    </article>
  );
}

/** Whether the text is right; the way to where it is not. */
function Standing({
  checked: { problem, failure, busy },
  lang,
  onGo,
}: {
  checked: Checked;
  lang: Lang;
  onGo(line: number, column: number): void;
}) {
  return (
    <div className={problem ? 'editor-problem' : 'editor-fine'} role="status">
      {problem ? (
        <>
          <button type="button" className="report-link" onClick={() => onGo(problem.line, problem.column)}>
            {tell(lang, 'at', { line: problem.line, column: problem.column })}
          </button>
          <strong>{problem.message}</strong>
          {problem.hint ? <span>{problem.hint}</span> : null}
        </>
      ) : failure ? null : (
        tell(lang, busy ? 'checking' : 'checked')
      )}
    </div>
  );
}
