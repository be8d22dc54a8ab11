import type { ImportKind, PredicateContext } from '../../api/contract.ts';
import { printPredicate } from '../../api/predicate.ts';
import { type TextKey, useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';

/** Rows that are not what the others are: said in words, with what becomes of them. */
export function KindsNote({
  kinds,
  headers,
  onClear,
}: {
  kinds: readonly ImportKind[];
  headers: readonly string[];
  onClear(): void;
}) {
  const { t, say, lang } = useLang();
  if (kinds.length === 0) return null;
  const context: PredicateContext = {
    name: 'file',
    fields: Object.fromEntries(
      headers.map((header) => [header, { type: 'text' as const, label: [header, header] as const }]),
    ),
  };
  return (
    <section className="kinds" aria-label={t('import.kinds')}>
      <header>
        <h3>{t('import.kinds')}</h3>
        <Button tone="quiet" small onClick={onClear}>
          {t('import.kinds_clear')}
        </Button>
      </header>
      <ol>
        {kinds.map((kind) => (
          <li key={JSON.stringify(kind.when)}>
            <span>{printPredicate(kind.when, context, lang)}</span>
            <span className="chip">{t(`import.kind_${kind.then}` as TextKey)}</span>
            {kind.label ? (
              <span className="muted">{typeof kind.label === 'string' ? kind.label : say(kind.label)}</span>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
