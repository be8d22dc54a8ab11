import type { FormLayout } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import type { CellProps, FieldKindView } from '../kind.ts';

/** In a few words: the sections by name, how many fields are changed. */
function LayoutCell({ value, full }: CellProps) {
  const { t, say } = useLang();
  const { sections = [], fields = {}, tabs } = (value ?? {}) as FormLayout;
  const changed = Object.keys(fields).length;
  const names = sections.map((section) => say(section.label)).join(t('comma'));
  const parts = [
    sections.length > 0 ? (full ? names : t('layout.sections', { n: sections.length })) : null,
    tabs ? t('layout.in_tabs') : null,
    changed > 0 ? t('layout.changed', { n: changed }) : null,
  ].filter((part) => part !== null);
  return (
    <span className={parts.length > 0 ? 'cell-text' : 'muted'}>{parts.join(' · ') || t('layout.as_default')}</span>
  );
}

export default { Cell: LayoutCell, operators: [], width: 180 } satisfies FieldKindView;
