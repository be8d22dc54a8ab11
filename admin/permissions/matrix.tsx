import { useState } from 'react';
import type { PermissionCell, PermissionMatrix, RoleGrant } from '../../api/contract.ts';
import { printPredicate } from '../../api/predicate.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Editor } from './editor.tsx';
import { LETTERS, type Letter } from './letters.ts';

const NO_GRANT: RoleGrant = { letters: '', rows: null, unread: [], unwritten: [], actions: [] };

/** One role's rights over every resource; each cell says whether it is so by default or who changed it. */
export function Matrix({ matrix, onSaved }: { matrix: PermissionMatrix; onSaved(): void }) {
  const { t, say } = useLang();
  const [code, setCode] = useState(matrix.roles.find((role) => role.code !== 'administrator')?.code ?? '');
  const [editing, setEditing] = useState<string | null>(null);
  const role = matrix.roles.find((each) => each.code === code) ?? matrix.roles[0];
  if (!role) return null;
  const fixed = role.code === 'administrator';
  const base = matrix.roles.find((each) => each.code === role.base_role);
  const cellOf = (resource: string): PermissionCell =>
    matrix.cells.find((each) => each.role === role.code && each.resource === resource) ?? {
      ...{ role: role.code, resource, by_default: NO_GRANT, now: NO_GRANT, changed: null },
    };
  const groups = matrix.groups
    .map((group) => ({ ...group, resources: matrix.resources.filter((each) => each.group === group.name) }))
    .filter((group) => group.resources.length > 0);
  const edited = matrix.resources.find((each) => each.name === editing);
  return (
    <section className="card perm" aria-label={say(role.label)}>
      <fieldset className="perm-roles">
        <legend className="visually-hidden">{t('perm.role')}</legend>
        {matrix.roles.map((each) => (
          <button
            key={each.code}
            type="button"
            className="perm-role"
            aria-pressed={each.code === role.code}
            onClick={() => setCode(each.code)}
          >
            <strong>{say(each.label)}</strong>
            <span>{t('perm.people', { count: each.people })}</span>
          </button>
        ))}
      </fieldset>
      {fixed ? <p className="note">{t('perm.administrator')}</p> : null}
      {base ? <p className="note">{t('perm.base_role', { role: say(base.label) })}</p> : null}
      <div className="perm-scroll">
        <table className="perm-table">
          <thead>
            <tr>
              <th scope="col">{t('perm.what')}</th>
              {LETTERS.map((letter) => (
                <th key={letter} scope="col" className="perm-letter">
                  {t(`perm.${letter}`)}
                </th>
              ))}
              <th scope="col" className="perm-wide">
                {t('perm.limits')}
              </th>
              <th scope="col" className="perm-wide">
                {t('perm.source')}
              </th>
              <th scope="col">
                <span className="visually-hidden">{t('perm.edit_button')}</span>
              </th>
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group.name}>
              <tr className="perm-group">
                <th colSpan={10} scope="colgroup">
                  {say(group.label)}
                </th>
              </tr>
              {group.resources.map((resource) => (
                <Row
                  key={resource.name}
                  resource={resource}
                  cell={cellOf(resource.name)}
                  fixed={fixed}
                  onEdit={() => setEditing(resource.name)}
                />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {edited ? (
        <Editor
          key={`${role.code} ${edited.name} ${cellOf(edited.name).changed?.version ?? 0}`}
          role={role}
          resource={edited}
          cell={cellOf(edited.name)}
          onClose={() => setEditing(null)}
          onSaved={onSaved}
        />
      ) : null}
    </section>
  );
}

function Row({
  resource,
  cell,
  fixed,
  onEdit,
}: {
  resource: PermissionMatrix['resources'][number];
  cell: PermissionCell;
  fixed: boolean;
  onEdit(): void;
}) {
  const { t, say, lang } = useLang();
  const { now, changed } = cell;
  const limits = [
    now.rows ? printPredicate(now.rows, resource.context, lang) : null,
    now.unread.length > 0 ? t('perm.fields_hidden', { count: now.unread.length }) : null,
    now.unwritten.length > now.unread.length && /[cu]/.test(now.letters)
      ? t('perm.fields_fixed', { count: now.unwritten.length - now.unread.length })
      : null,
  ].filter((each) => each !== null);
  const limited = limits.join(lang === 'zh' ? '；' : '; ');
  const who = changed
    ? t('perm.changed', { who: changed.by ?? t('perm.gone_user'), day: changed.at.slice(0, 10) })
    : null;
  return (
    <tr className={now.letters === '' ? 'perm-nothing' : undefined}>
      <th scope="row">
        {say(resource.label)}
        {limited || who ? (
          <span className="perm-narrow" aria-hidden="true">
            {[limited, who].filter(Boolean).join(' · ')}
          </span>
        ) : null}
      </th>
      {LETTERS.map((letter) => (
        <LetterCell key={letter} letter={letter} resource={resource} cell={cell} />
      ))}
      <td className="perm-limits perm-wide">{limited}</td>
      <td className="perm-source perm-wide">
        {changed ? (
          <span className="chip chip-info" title={changed.reason ?? undefined}>
            {who}
          </span>
        ) : (
          <span className="muted">{t('perm.by_default')}</span>
        )}
      </td>
      <td className="perm-edit">
        {fixed ? null : (
          <Button
            small
            tone="quiet"
            icon="edit"
            aria-label={t('perm.edit', { label: say(resource.label) })}
            onClick={onEdit}
          />
        )}
      </td>
    </tr>
  );
}

function LetterCell({
  letter,
  resource,
  cell,
}: {
  letter: Letter;
  resource: PermissionMatrix['resources'][number];
  cell: PermissionCell;
}) {
  const { t } = useLang();
  if (!resource.offers.includes(letter)) {
    return (
      <td className="perm-letter perm-off" title={t('perm.none')}>
        <span className="visually-hidden">{t('perm.none')}</span>
      </td>
    );
  }
  const may = cell.now.letters.includes(letter);
  const was = cell.by_default.letters.includes(letter);
  const state = t(may ? 'perm.yes' : 'perm.no');
  const why = may === was ? t('perm.cell_default') : t('perm.cell_changed', { state: t(was ? 'perm.yes' : 'perm.no') });
  const said = t('perm.cell', { what: t(`perm.${letter}`), state, why });
  return (
    <td className={`perm-letter${may ? ' perm-may' : ''}${may === was ? '' : ' perm-differs'}`} title={said}>
      {may ? <Icon name="check" /> : <span aria-hidden="true">–</span>}
      <span className="visually-hidden">{said}</span>
    </td>
  );
}
