import type { PermissionChange, PermissionMatrix, RoleGrant } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { Tick } from './editor.tsx';

type Verb = 'read' | 'write';

/** Reading and writing per field. What is as the code has it is left out of the change. */
export function FieldRights({
  resource,
  by_default,
  letters,
  value,
  onChange,
}: {
  resource: PermissionMatrix['resources'][number];
  by_default: RoleGrant;
  letters: ReadonlySet<string>;
  value: PermissionChange['fields'];
  onChange(value: PermissionChange['fields']): void;
}) {
  const { t, say } = useLang();
  const writes = letters.has('c') || letters.has('u');
  if (!letters.has('r')) return null;
  const was = (name: string, verb: Verb) => !by_default[verb === 'read' ? 'unread' : 'unwritten'].includes(name);
  const may = (name: string, verb: Verb) => value[name]?.[verb] ?? was(name, verb);
  const toggle = (name: string, verb: Verb) => {
    const next = !may(name, verb);
    const { [verb]: _, ...other } = value[name] ?? {};
    const said = next === was(name, verb) ? other : { ...other, [verb]: next };
    const { [name]: __, ...rest } = value;
    onChange(Object.keys(said).length > 0 ? { ...rest, [name]: said } : rest);
  };
  return (
    <fieldset className="perm-part">
      <legend>{t('perm.fields')}</legend>
      <table className="perm-fields">
        <thead>
          <tr>
            <th scope="col">{t('perm.field')}</th>
            <th scope="col">{t('perm.r')}</th>
            <th scope="col">{t('perm.u')}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(resource.fields).map(([name, field]) => {
            const label = say(field.label);
            const why_not = field.readonly
              ? t('perm.readonly')
              : !writes
                ? t('perm.none')
                : may(name, 'read')
                  ? null
                  : t('perm.not_read');
            return (
              <tr key={name}>
                <th scope="row">
                  {label}
                  {field.pii ? (
                    <span className="chip" title={t('perm.pii')}>
                      {t('perm.masked')}
                    </span>
                  ) : null}
                </th>
                <td>
                  <Tick
                    bare
                    label={`${label} ${t('perm.r')}`}
                    on={may(name, 'read')}
                    differs={may(name, 'read') !== was(name, 'read')}
                    why={null}
                    onChange={() => toggle(name, 'read')}
                  />
                </td>
                <td>
                  <Tick
                    bare
                    label={`${label} ${t('perm.u')}`}
                    on={may(name, 'write')}
                    differs={why_not === null && may(name, 'write') !== was(name, 'write')}
                    why={why_not}
                    onChange={() => toggle(name, 'write')}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </fieldset>
  );
}
