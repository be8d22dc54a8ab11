import type { FieldKindView } from '../kind.ts';

const PasswordCell = () => <span className="muted">••••••</span>;

export default { Cell: PasswordCell, operators: [] } satisfies FieldKindView;
