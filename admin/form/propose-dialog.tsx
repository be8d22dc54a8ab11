import '../detail/detail.css';
import { useEffect, useId, useState } from 'react';
import type { FieldError, Json, MetaResource, ProposeRequest, Row } from '../../api/contract.ts';
import { kindInput, loadInputs } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { proposedPage } from '../refine/data-provider.ts';
import { HttpFailure, send } from '../refine/http.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/states.tsx';

/** Does not save what the form holds but lets it wait: as a draft, for consent, for its time. */
export default function ProposeDialog({
  resource,
  id,
  values,
  onProposed,
  onRefused,
  onClose,
}: {
  resource: MetaResource;
  id: Json | undefined;
  values: Row;
  /** @param page of the change request */
  onProposed(page: Json): void;
  onRefused(errors: { [field: string]: FieldError }, message: string): void;
  onClose(): void;
}) {
  const { t } = useLang();
  const [ready, setReady] = useState(false);
  const [at, setAt] = useState<Json>(null);
  const [note, setNote] = useState<Json>(null);
  const [busy, setBusy] = useState<'draft' | 'submit' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const prefix = useId();
  useEffect(() => void loadInputs(['datetime', 'longtext']).then(() => setReady(true)), []);
  const propose = async (draft: boolean) => {
    setBusy(draft ? 'draft' : 'submit');
    const body: ProposeRequest = {
      ...(id === undefined ? {} : { id: id as number }),
      ...{ values, draft },
      ...(at ? { effective_at: at as string } : {}),
      ...(note ? { note: note as string } : {}),
    };
    try {
      const path = `/api/${encodeURIComponent(resource.name)}/_propose`;
      onProposed(proposedPage((await send('POST', path, { body })).headers));
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const own = error.errors?.effective_at ?? error.errors?.note;
      if (error.errors && !own) onRefused(error.errors, error.message);
      else setProblem(own?.message ?? (error.statusCode ? error.message : t('error.offline')));
      setBusy(null);
    }
  };
  const When = ready ? kindInput('datetime') : null;
  const Note = ready ? kindInput('longtext') : null;
  const input = { resource: resource.name, invalid: false, onLabel: () => {} };
  return (
    <Dialog
      title={t('propose.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button busy={busy === 'draft'} onClick={() => void propose(true)}>
            {t('propose.draft')}
          </Button>
          <Button tone="primary" busy={busy === 'submit'} onClick={() => void propose(false)}>
            {t('propose.submit')}
          </Button>
        </>
      }
    >
      <p className="muted">{t(resource.approval?.length ? 'propose.text_consent' : 'propose.text')}</p>
      {problem ? (
        <p className="note note-warning" role="alert">
          {problem}
        </p>
      ) : null}
      {When && Note ? (
        <div className="action-fields">
          <div className="field">
            <label className="field-label" htmlFor={`${prefix}-at`}>
              {t('propose.at')}
            </label>
            <When
              {...input}
              id={`${prefix}-at`}
              name="effective_at"
              field={{ kind: 'datetime', label: ['生效时间', 'Takes effect'] }}
              value={at}
              describedBy={`${prefix}-help`}
              onChange={setAt}
            />
            <p className="field-help" id={`${prefix}-help`}>
              {t('propose.at_help')}
            </p>
          </div>
          <div className="field">
            <label className="field-label" htmlFor={`${prefix}-note`}>
              {t('propose.note')}
            </label>
            <Note
              {...input}
              id={`${prefix}-note`}
              name="note"
              field={{ kind: 'longtext', label: ['变更说明', 'Note'], max: 1000 }}
              value={note}
              onChange={setNote}
            />
          </div>
        </div>
      ) : (
        <Skeleton lines={4} />
      )}
    </Dialog>
  );
}
