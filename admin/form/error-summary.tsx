import type { Ref } from 'react';
import type { Field, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';

/** All that is wrong, first; each entry jumps to its field. */
export function ErrorSummary({
  ref,
  resource,
  errors,
  general,
  idOf,
}: {
  ref: Ref<HTMLDivElement>;
  resource: MetaResource;
  errors: { [path: string]: string };
  general: string | null;
  idOf(path: string): string;
}) {
  const { t, say } = useLang();
  // From the top of the form to its end, as one goes through it.
  const order = (resource.form ?? []).flatMap((section) => section.fields.flat());
  const place = ([path]: [string, string]) => order.indexOf(path.split('.')[0] ?? path);
  const entries = Object.entries(errors).toSorted((a, b) => place(a) - place(b));
  if (entries.length === 0 && !general) return null;
  const jump = (path: string) => {
    // "rules.2.condition" has a control of its own inside a list; else the control of the field, or what is in it.
    const [name = path, ...rest] = path.split('.');
    const list = document.getElementById(idOf(name));
    // It may be on a tab that is not shown.
    list?.dispatchEvent(new CustomEvent('reveal_tab', { bubbles: true }));
    if (rest.length > 0 && list?.classList.contains('rows-input')) {
      list.scrollIntoView({ block: 'center' });
      return list.dispatchEvent(new CustomEvent('reveal', { detail: rest.join('.') }));
    }
    const target = document.getElementById(idOf(path)) ?? document.getElementById(idOf(path.split('.')[0] ?? path));
    const focusable = target?.matches('input, textarea, select, [tabindex]')
      ? target
      : target?.querySelector('input, button');
    target?.scrollIntoView({ block: 'center' });
    (focusable as HTMLElement | null)?.focus();
  };
  return (
    <div className="error-summary" ref={ref} tabIndex={-1} role="alert">
      <Icon name="warning" size={18} />
      <div>
        <strong>{general ?? t('form.errors', { n: entries.length })}</strong>
        {entries.length > 0 ? (
          <ul>
            {entries.map(([path, message]) => (
              <li key={path}>
                <button type="button" className="link" onClick={() => jump(path)}>
                  {pathLabel(resource.fields, path, say)}
                </button>
                {t('colon')}
                {message}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </div>
  );
}

/** "rules.2.condition" -> "规则 3 · 条件" */
function pathLabel(fields: { [name: string]: Field }, path: string, say: (pair: Field['label']) => string): string {
  const [name = path, at, ...rest] = path.split('.');
  const field = fields[name];
  if (!field) return path;
  if (at === undefined) return say(field.label);
  const inner =
    (field.kind === 'items' || field.kind === 'rows') && rest.length > 0
      ? ` · ${pathLabel(field.fields, rest.join('.'), say)}`
      : '';
  return `${say(field.label)} ${/^\d+$/.test(at) ? Number(at) + 1 : at}${inner}`;
}
