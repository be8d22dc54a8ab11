import './form.css';
import '../fields/fields.css';
import { useEffect, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import type { MetaResource, Row } from '../../api/contract.ts';
import { loadInputs } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { oneLabel } from '../meta/meta.tsx';
import { Antd } from '../ui/antd.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { blankRecord } from './changes.ts';
import { kindsIn } from './kinds-in.ts';
import { RecordForm } from './record-form.tsx';

/** A record made where it is needed: the same form, beside the one that asked for it. */
export default function CreateDrawer({
  resource,
  start,
  onSaved,
  onClose,
}: {
  resource: MetaResource;
  /** What is known of it already. */
  start: Row;
  onSaved(saved: Row): void;
  onClose(): void;
}) {
  const { t, say } = useLang();
  const [ready, setReady] = useState<MetaResource | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [dirty, setDirty] = useState(false);
  const [leaving, setLeaving] = useState(false);
  useEffect(() => {
    loadInputs(kindsIn(Object.values(resource.fields))).then(() => setReady(resource), setFailed);
  }, [resource]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it starts from is read when it opens.
  const values = useMemo(() => ({ ...blankRecord(resource, new URLSearchParams()), ...start }), [resource]);
  const close = () => (dirty ? setLeaving(true) : onClose());
  // Outside the form that asked: a form cannot stand in another.
  return createPortal(
    <Dialog drawer wide title={t('list.create', { label: oneLabel(resource, say) })} onClose={close}>
      {failed ? (
        <Failure error={failed} onRetry={() => location.reload()} />
      ) : ready ? (
        <Antd>
          <RecordForm
            resource={ready}
            start={values}
            record={null}
            embedded={{ onSaved, onCancel: close, onDirty: setDirty }}
          />
        </Antd>
      ) : (
        <Skeleton lines={8} />
      )}
      {leaving ? (
        <Confirm
          title={t('leave.title')}
          text={t('leave.text')}
          ok={t('leave.ok')}
          danger
          onOk={onClose}
          onClose={() => setLeaving(false)}
        />
      ) : null}
    </Dialog>,
    document.body,
  );
}
