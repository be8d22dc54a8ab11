import { useLang } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import type { CellProps, FieldKindView } from '../kind.ts';

function BooleanCell({ value }: CellProps) {
  const { t } = useLang();
  return (
    <span className={value ? 'cell-yes' : 'cell-no'}>
      <Icon name={value ? 'check' : 'close'} size={14} />
      {t(value ? 'yes' : 'no')}
    </span>
  );
}

export default { Cell: BooleanCell, operators: ['eq'], width: 90 } satisfies FieldKindView;
