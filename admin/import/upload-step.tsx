import { useRef, useState } from 'react';
import type { ImportStatus, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { HttpFailure, send } from '../refine/http.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

export function UploadStep({
  resource,
  onUploaded,
}: {
  resource: MetaResource;
  onUploaded(status: ImportStatus): void;
}) {
  const { t, say } = useLang();
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const fields = Object.values(resource.import?.fields ?? resource.fields).filter(
    (field) => field.required && !field.readonly && field.default === undefined,
  );
  const upload = async (file: File | undefined) => {
    if (!file || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const query = new URLSearchParams({ file_name: file.name });
      const answer = await send('POST', `/api/${encodeURIComponent(resource.name)}/_import?${query}`, {
        raw: file,
        headers: { 'content-type': 'application/octet-stream' },
      });
      onUploaded(answer.body as ImportStatus);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      setProblem(error.statusCode === 0 ? t('error.offline') : error.message);
      setBusy(false);
    }
  };
  return (
    <section className="card import-card">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is the extra; the button does the same. */}
      <div
        className={`drop${over ? ' drop-over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void upload(event.dataTransfer.files[0]);
        }}
      >
        <span className="empty-icon">
          <Icon name="upload" size={26} />
        </span>
        <p>
          <strong>{t('import.drop')}</strong>
        </p>
        <p className="muted">{t('import.formats')}</p>
        <Button tone="primary" busy={busy} onClick={() => picker.current?.click()}>
          {t(busy ? 'import.uploading' : 'import.choose')}
        </Button>
        <input
          ref={picker}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t('import.choose')}
          accept=".xlsx,.csv,.tsv,.txt,.gz,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          onChange={(event) => {
            void upload(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      {problem ? (
        <p className="note note-bad" role="alert">
          <Icon name="warning" />
          <span>{problem}</span>
        </p>
      ) : null}
      <p className="template-line">
        <span className="muted">{t('import.template')}</span>
        {(['xlsx', 'csv'] as const).map((format) => (
          <a
            key={format}
            className="button button-default button-small"
            href={`/api/${encodeURIComponent(resource.name)}/_template.${format}`}
            download
          >
            <Icon name="download" />
            {format.toUpperCase()}
          </a>
        ))}
      </p>
      {fields.length > 0 ? (
        <p className="note">
          <Icon name="info" />
          <span>{t('import.needs', { fields: fields.map((field) => say(field.label)).join(t('comma')) })}</span>
        </p>
      ) : null}
    </section>
  );
}
