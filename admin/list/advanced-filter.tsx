/** The whole condition of a list in one place: groups joined by and, or, not, with dates counted from today. */
import { useMemo, useState } from 'react';
import type { MetaResource, Predicate } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { recordContext } from '../predicate/context.ts';
import { PredicateEditor } from '../predicate/editor.tsx';
import { Antd } from '../ui/antd.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export default function AdvancedFilter({
  resource,
  fields,
  where,
  onClose,
  onDone,
}: {
  resource: MetaResource;
  /** Those that may be compared. */
  fields: readonly string[];
  where: Predicate;
  onClose(): void;
  onDone(where: Predicate): void;
}) {
  const { t } = useLang();
  const { resources } = useMeta();
  const [value, setValue] = useState(where);
  const context = useMemo(() => recordContext(resource, resources, fields), [resource, resources, fields]);
  const unfinished = hasGap(value);
  return (
    <Dialog
      wide
      title={t('filter.advanced')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={() => onDone({})}>{t('filter.clear')}</Button>
          <Button tone="primary" why={unfinished ? t('filter.unfinished') : null} onClick={() => onDone(value)}>
            {t('filter.apply')}
          </Button>
        </>
      }
    >
      <Antd>
        <PredicateEditor id="advanced-filter" context={context} value={value} onChange={setValue} />
      </Antd>
    </Dialog>
  );
}

/** True while some comparison has nothing to compare with. */
function hasGap(value: unknown): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.some(hasGap);
  if (typeof value !== 'object') return value === '';
  return Object.entries(value).some(
    ([key, each]) => (key === 'in' && Array.isArray(each) && each.length === 0) || hasGap(each),
  );
}
