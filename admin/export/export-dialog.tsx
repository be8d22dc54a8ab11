/** The rows of a list as a file: which kind, which columns, how far it is. */
import './export.css';
import { useEffect, useRef, useState } from 'react';
import type { MetaResource } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { type TextKey, useLang } from '../i18n/index.ts';
import { withinSentence } from '../meta/meta.tsx';
import { HttpFailure } from '../refine/http.ts';
import { type ListRequest, listQuery } from '../refine/wire.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { showToast } from '../ui/toast-store.ts';
import { downloadFile, type Progress } from './download.ts';

/** Rows of a sheet below its header. */
const SHEET_MAX = 1_048_575;

export default function ExportDialog({
  resource,
  request,
  columns,
  rows,
  onClose,
}: {
  resource: MetaResource;
  /** What the list shows, without its page. */
  request: Pick<ListRequest, 'sorters' | 'meta'>;
  columns: readonly string[];
  /** How many rows the list has, as far as it counted. */
  rows: { count: number; more: boolean } | null;
  onClose(): void;
}) {
  const { t, say } = useLang();
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx');
  const [which, setWhich] = useState<'shown' | 'all'>('shown');
  const [header, setHeader] = useState<'labels' | 'keys'>('labels');
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const start = async () => {
    const controller = new AbortController();
    stop.current = controller;
    setProblem(null);
    setProgress({ rows: rows?.count ?? 0, bytes: 0, here: null });
    const query = listQuery({
      sorters: request.sorters,
      meta: { ...request.meta, fields: which === 'shown' ? [...columns] : undefined },
    });
    const path = `/api/${encodeURIComponent(resource.name)}/_export.${format}?${query}${header === 'keys' ? '&_header=keys' : ''}`;
    try {
      const { rows: count } = await downloadFile(path, { signal: controller.signal, onProgress: setProgress });
      showToast({ text: t('export.done', { n: formatInteger(count) }) });
      onClose();
    } catch (error) {
      setProgress(null);
      if (controller.signal.aborted) return;
      if (!(error instanceof HttpFailure)) throw error;
      setProblem(error.statusCode === 0 ? t('error.offline') : error.message);
    }
  };
  const tooLong = format === 'xlsx' && rows !== null && !rows.more && rows.count > SHEET_MAX;
  const choice = <T extends string>(name: string, value: T, all: readonly T[], set: (value: T) => void) => (
    <fieldset className="export-choice" disabled={progress !== null}>
      <legend>{t(`export.${name}` as TextKey)}</legend>
      {all.map((each) => (
        <label key={each}>
          <input type="radio" className="checkbox" name={name} checked={value === each} onChange={() => set(each)} />
          <span>
            <strong>{t(`export.${name}_${each}` as TextKey)}</strong>
            <span className="muted">{t(`export.${name}_${each}_hint` as TextKey, { n: columns.length })}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
  return (
    <Dialog
      title={t('export.title', { label: withinSentence(say(resource.label)) })}
      stay={progress !== null}
      onClose={onClose}
      footer={
        progress ? (
          <Button onClick={() => stop.current?.abort()}>{t('export.cancel')}</Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button
              tone="primary"
              icon="download"
              why={tooLong ? t('export.too_long') : null}
              onClick={() => void start()}
            >
              {t('export.start')}
            </Button>
          </>
        )
      }
    >
      <div className="export-form">
        <p>
          {rows === null
            ? t('export.rows_unknown')
            : t(rows.more ? 'export.rows_more' : 'export.rows', { n: formatInteger(rows.count) })}
        </p>
        {choice('format', format, ['xlsx', 'csv'], setFormat)}
        {choice('columns', which, ['shown', 'all'], setWhich)}
        {choice('header', header, ['labels', 'keys'], setHeader)}
        {progress ? <Bar progress={progress} /> : null}
        {problem ? (
          <p className="note note-bad" role="alert">
            <Icon name="warning" />
            <span>{problem}</span>
          </p>
        ) : null}
        <p className="muted">{t('export.noted')}</p>
      </div>
    </Dialog>
  );
}

function Bar({ progress: { rows, bytes, here } }: { progress: Progress }) {
  const { t } = useLang();
  const size = (bytes / 1_000_000).toFixed(1);
  return (
    <div className="export-progress" role="status">
      <progress
        value={here ?? undefined}
        max={here === null ? undefined : Math.max(rows, 1)}
        aria-label={t('export.progress')}
      />
      <span>
        {bytes === 0
          ? t('export.preparing')
          : here === null
            ? t('export.rows_size', { n: formatInteger(rows), size })
            : t('export.rows_of', { n: formatInteger(here), total: formatInteger(rows), size })}
      </span>
    </div>
  );
}
