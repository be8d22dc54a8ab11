import type { MetaResource, Predicate } from '../../api/contract.ts';
import { printPredicate } from '../../api/predicate.ts';
import { useLang } from '../i18n/index.ts';
import { contextNamed, useMeta } from '../meta/meta.tsx';
import { fieldsContext } from './context.ts';

/** A condition in words. */
export default function Sentence({
  predicate,
  context,
  resource,
}: {
  predicate: Predicate;
  /** Name of a context of the definitions, or a resource whose fields it compares. */
  context?: string;
  resource?: MetaResource;
}) {
  const { lang } = useLang();
  const meta = useMeta();
  const fields = resource
    ? fieldsContext(resource.name, resource.fields)
    : (contextNamed(meta, context ?? '') ?? { name: '', fields: {} });
  return <>{printPredicate(predicate, fields, lang)}</>;
}
