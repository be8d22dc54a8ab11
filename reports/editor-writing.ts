/** A text that is being written: kept in this browser while it is typed, saved, published, withdrawn. Nobody's is overwritten unasked. */
import { App } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import type { BrowserReport, ReportSaved, ReportText } from '../api/contract-reports.ts';
import type { Reader } from './cell-value.ts';
import { type Draft, dropDraft, keepDraft, readDraft } from './editor-draft.ts';
import { tell } from './editor-words.ts';
import { RequestFailure, sendJson } from './http.ts';

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Who saved before. */
export interface Conflict {
  version: number;
  number: number;
  by: string;
}

export interface Writing {
  /** A report file: only looked at. */
  readOnly: boolean;
  text: string;
  setText(text: string): void;
  dirty: boolean;
  /** What was found in this browser when it was opened. */
  draft: Draft | null;
  /** As it is kept; null before the first save and of a file. */
  report: BrowserReport | null;
  /** null before it has a name. */
  slug: string | null;
  area: string;
  setArea(area: string): void;
  name: string;
  setName(name: string): void;
  note: string;
  setNote(note: string): void;
  saving: boolean;
  conflict: Conflict | null;
  failure: RequestFailure | null;
  /** @param over the version that is replaced, where not the one that was opened */
  save(publish: boolean, over?: number): Promise<void>;
  withdraw(step: 'unpublish' | 'delete'): void;
  /** Opens what the other one saved. */
  takeTheirs(): void;
}

export const isName = (name: string) => NAME.test(name);

export function useWriting({
  session,
  start,
  text: given,
  name: proposed,
  areas,
  lang,
  onNameless,
}: {
  session: string;
  start: ReportText | null;
  text: string;
  name: string;
  areas: readonly { name: string }[];
  lang: Reader['lang'];
  onNameless(): void;
}): Writing {
  const { message, modal } = App.useApp();
  const navigate = useNavigate();
  const readOnly = start?.origin === 'file';
  const [draft, setDraft] = useState(() => (readOnly ? null : readDraft(session)));
  const [text, setText] = useState(draft?.text ?? given);
  const [saved, setSaved] = useState(given);
  const [report, setReport] = useState<BrowserReport | null>(start?.report ?? null);
  const [slug, setSlug] = useState(start?.slug ?? null);
  const known = (wanted: string | undefined) => areas.find((each) => each.name === wanted)?.name;
  const [area, setArea] = useState(known(draft?.area) ?? (proposed.split('/')[0] || (areas[0]?.name ?? '')));
  const [name, setName] = useState(draft?.name || (proposed.split('/')[1] ?? ''));
  const [note, setNote] = useState(draft?.note ?? '');
  const [saving, setSaving] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const dirty = text !== saved;
  const target = slug ?? `${area}/${name}`;

  useEffect(() => {
    if (readOnly) return;
    if (dirty) keepDraft(session, { text, area, name, note });
    else dropDraft(session);
  }, [session, text, area, name, note, dirty, readOnly]);

  const save = async (publish: boolean, over?: number) => {
    if (readOnly || saving) return;
    if (!slug && !isName(name)) {
      message.warning(tell(lang, 'name_needed'));
      onNameless();
      return;
    }
    setSaving(true);
    setFailure(null);
    try {
      const body = { text, note: note || null, version: over ?? report?.version ?? null, publish };
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
      const failed = failureOf(error);
      const record = failed.status === 412 ? (failed.body?.record as unknown as Conflict | undefined) : undefined;
      if (record?.version) setConflict(record);
      else setFailure(failed);
    } finally {
      setSaving(false);
    }
  };

  const withdraw = (step: 'unpublish' | 'delete') =>
    void modal.confirm({
      title: tell(lang, step === 'delete' ? 'remove_sure' : 'withdraw_sure'),
      onOk: async () => {
        try {
          await sendJson('POST', `/api/_report-editor/text/${slug}/${step}`, { version: report?.version }, lang);
          if (step === 'delete') {
            dropDraft(session);
            navigate('/reports');
          } else if (report) setReport({ ...report, live_number: null, version: report.version + 1 });
        } catch (error) {
          setFailure(failureOf(error));
        }
      },
    });

  const takeTheirs = () => {
    dropDraft(session);
    window.location.assign(`/reports/edit?report=${target}`);
  };

  return {
    ...{ readOnly, text, setText, dirty, draft, report, slug, area, setArea, name, setName, note, setNote },
    ...{ saving, conflict, failure, save, withdraw, takeTheirs },
  };
}

const failureOf = (error: unknown) => (error instanceof RequestFailure ? error : new RequestFailure(0, String(error)));
