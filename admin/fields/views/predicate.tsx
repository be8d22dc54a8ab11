import { Suspense } from 'react';
import type { Predicate } from '../../../api/contract.ts';
import { useResource } from '../../meta/meta.tsx';
import { later } from '../../ui/later.tsx';
import type { CellProps, FieldKindView } from '../kind.ts';

// The printer comes with the grammar; lists without conditions do without both.
const Sentence = later(() => import('../../predicate/sentence.tsx'));

function PredicateCell({ field, value, beside, full }: CellProps) {
  const about = useResource(typeof beside === 'string' ? beside : undefined);
  return (
    <span className={full ? 'cell-full' : 'cell-text'}>
      <Suspense fallback="…">
        <Sentence
          predicate={value as Predicate}
          context={field.kind === 'predicate' ? field.context : ''}
          resource={about}
        />
      </Suspense>
    </span>
  );
}

export default { Cell: PredicateCell, operators: [] } satisfies FieldKindView;
