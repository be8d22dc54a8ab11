import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { PermissionCell, PermissionChange, PermissionMatrix, Predicate } from '../../api/contract.ts';
import { printPredicate } from '../../api/predicate.ts';
import { useLang } from '../i18n/index.ts';
import { PredicateEditor } from '../predicate/editor.tsx';
import { proposedPage } from '../refine/data-provider.ts';
import { HttpFailure, send } from '../refine/http.ts';
import { Antd } from '../ui/antd.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { showToast } from '../ui/toast-store.ts';
import { FieldRights } from './field-rights.tsx';
import { LETTERS } from './letters.ts';

type Resource = PermissionMatrix['resources'][number];

/** One role and resource, changed: what is left as the code says is not stored, so that it follows the code. */
export function Editor({
  role,
  resource,
  cell,
  onClose,
  onSaved,
}: {
  role: PermissionMatrix['roles'][number];
  resource: Resource;
  cell: PermissionCell;
  onClose(): void;
  onSaved(): void;
}) {
  const { t, say, lang } = useLang();
  const navigate = useNavigate();
  const { by_default, now, changed } = cell;
  const [letters, setLetters] = useState(() => new Set(now.letters));
  const [rows, setRows] = useState<PermissionChange['rows']>(changed?.rows ?? { mode: 'default' });
  const [fields, setFields] = useState<PermissionChange['fields']>(changed?.fields ?? {});
  const [actions, setActions] = useState<PermissionChange['actions']>(changed?.actions ?? {});
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const save = async (change: Partial<PermissionChange>) => {
    setBusy(true);
    setProblem(null);
    try {
      const { status, headers } = await send(
        'PUT',
        `/api/_permissions/${encodeURIComponent(role.code)}/${encodeURIComponent(resource.name)}`,
        {
          body: { ...change, reason: reason.trim() || null },
          headers: { 'if-match': `"${changed?.version ?? 0}"` },
        },
      );
      const page = status === 202 ? proposedPage(headers) : null;
      if (page) {
        showToast({ text: t('propose.done') });
        return void navigate(page);
      }
      showToast({ text: t('perm.saved') });
      onSaved();
      onClose();
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      if (error.statusCode === 412) onSaved();
      const [first] = Object.values(error.errors ?? {});
      setProblem(
        error.statusCode === 412
          ? t('perm.stale')
          : error.statusCode === 0
            ? t('error.offline_save')
            : (first?.message ?? error.message),
      );
    } finally {
      setBusy(false);
    }
  };
  const chosen = LETTERS.filter((letter) => letters.has(letter));
  const same = [...by_default.letters].sort().join('') === [...chosen].sort().join('');
  const toggle = (letter: string) => {
    const next = new Set(letters);
    if (!next.delete(letter)) next.add(letter);
    setLetters(next);
  };
  const said = by_default.rows ? printPredicate(by_default.rows, resource.context, lang) : t('perm.rows_all');
  return (
    <Dialog
      drawer
      title={t('perm.edit', { label: say(resource.label) })}
      onClose={onClose}
      footer={
        <>
          {changed ? (
            <span className="perm-foot-left">
              <Link to={`/role_permissions/${changed.id}`}>{t('perm.history')}</Link>
              <Button busy={busy} onClick={() => void save({})}>
                {t('perm.restore')}
              </Button>
            </span>
          ) : null}
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            tone="primary"
            busy={busy}
            onClick={() => void save({ letters: same ? null : chosen.join(''), rows, fields, actions })}
          >
            {t('perm.save')}
          </Button>
        </>
      }
    >
      <p className="muted perm-who">{say(role.label)}</p>
      {problem ? (
        <p className="note note-bad" role="alert">
          {problem}
        </p>
      ) : null}
      <fieldset className="perm-part">
        <legend>{t('perm.verbs')}</legend>
        <div className="perm-verbs">
          {LETTERS.map((letter) => (
            <Tick
              key={letter}
              label={t(`perm.${letter}`)}
              on={letters.has(letter)}
              differs={letters.has(letter) !== by_default.letters.includes(letter)}
              why={resource.offers.includes(letter) ? null : t('perm.none')}
              onChange={() => toggle(letter)}
            />
          ))}
        </div>
      </fieldset>
      <fieldset className="perm-part">
        <legend>{t('perm.rows')}</legend>
        {(['default', 'all', 'where'] as const).map((mode) => (
          <label key={mode} className="perm-radio">
            <input
              type="radio"
              name="perm-rows"
              checked={rows.mode === mode}
              onChange={() => setRows(mode === 'where' ? { mode, where: now.rows ?? {} } : { mode })}
            />
            <span>{mode === 'default' ? t('perm.rows_default', { rows: said }) : t(`perm.rows_${mode}`)}</span>
          </label>
        ))}
        {rows.mode === 'where' ? (
          <Antd>
            <PredicateEditor
              id="perm-where"
              context={resource.context}
              value={rows.where}
              onChange={(where: Predicate) => setRows({ mode: 'where', where })}
            />
          </Antd>
        ) : null}
      </fieldset>
      <FieldRights resource={resource} by_default={by_default} letters={letters} value={fields} onChange={setFields} />
      {Object.keys(resource.actions).length > 0 ? (
        <fieldset className="perm-part">
          <legend>{t('perm.actions')}</legend>
          <div className="perm-verbs">
            {Object.entries(resource.actions).map(([name, label]) => {
              const was = by_default.actions.includes(name);
              const may = actions[name] ?? was;
              const set = () => setActions(without(actions, name, !may === was ? undefined : !may));
              return <Tick key={name} label={say(label)} on={may} differs={may !== was} why={null} onChange={set} />;
            })}
          </div>
        </fieldset>
      ) : null}
      <label className="perm-reason">
        <span>{t('perm.reason')}</span>
        <input
          className="input"
          value={reason}
          maxLength={300}
          placeholder={t('perm.reason_hint')}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </Dialog>
  );
}

/** A box to tick; a dot says that it is not as the code has it. */
export function Tick({
  label,
  on,
  differs,
  why,
  bare,
  onChange,
}: {
  label: string;
  on: boolean;
  differs: boolean;
  why: string | null;
  /** The label is said, not shown. */
  bare?: boolean;
  onChange(): void;
}) {
  const { t } = useLang();
  return (
    <label
      className={`perm-tick${differs ? ' perm-differs' : ''}`}
      title={why ?? (differs ? t('perm.differs') : undefined)}
    >
      <input
        type="checkbox"
        className="checkbox"
        checked={on && why === null}
        disabled={why !== null}
        onChange={onChange}
      />
      <span className={bare ? 'visually-hidden' : undefined}>
        {label}
        {differs ? <span className="visually-hidden"> ({t('perm.differs')})</span> : null}
      </span>
    </label>
  );
}

/** The object with the key set, or without it. */
function without<V>(object: { [key: string]: V }, key: string, value: V | undefined): { [key: string]: V } {
  const { [key]: _, ...rest } = object;
  return value === undefined ? rest : { ...rest, [key]: value };
}
