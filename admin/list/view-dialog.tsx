/** Name, sharing and refreshing of a view: of a new one, or of one that is there. */
import { type FormEvent, useId, useState } from 'react';
import { type ListSettings, type MetaResource, ROLES, type Role, type SavedView } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { HttpFailure, send } from '../refine/http.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { showToast } from '../ui/toast-store.ts';
import { reloadViews } from './view-menu.tsx';

const REFRESHES_S = [0, 30, 60, 300, 900];
const SHARED: readonly SavedView['visibility'][] = ['private', 'roles', 'everyone'];
/** Who chooses what others see first. */
const STAFF: readonly Role[] = ['administrator', 'operator'];

export function ViewDialog({
  resource,
  settings,
  view,
  onClose,
  onSaved,
}: {
  resource: MetaResource;
  /** What a new view keeps. */
  settings: ListSettings;
  /** Absent: a new one. */
  view?: SavedView;
  onClose(): void;
  onSaved(view: SavedView): void;
}) {
  const { t } = useLang();
  const { user } = useMeta();
  const form = useId();
  const [name, setName] = useState(view?.name ?? '');
  const [visibility, setVisibility] = useState(view?.visibility ?? 'private');
  const [roles, setRoles] = useState<Role[]>(view?.roles ?? []);
  const [first, setFirst] = useState<Role[]>(view?.default_roles ?? []);
  const [refresh_s, setRefresh] = useState((view?.settings ?? settings).refresh_s ?? 0);
  const [errors, setErrors] = useState<{ [field: string]: string }>({});
  const [busy, setBusy] = useState(false);
  const firstOf = visibility === 'everyone' ? ROLES : visibility === 'roles' ? roles : [];

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const body = {
      name: name.trim(),
      visibility,
      roles: visibility === 'roles' ? roles : [],
      default_roles: first.filter((role) => firstOf.includes(role)),
      ...(view ? { refresh_s } : { resource: resource.name, settings: { ...settings, refresh_s } }),
    };
    try {
      const path = view ? `/api/_views/${view.code}` : '/api/_views';
      const headers: Record<string, string> = view ? { 'if-match': `"${view.version}"` } : {};
      const { body: saved } = await send(view ? 'PATCH' : 'POST', path, { body, headers });
      await reloadViews();
      showToast({ text: t('view.saved', { name: body.name }) });
      onSaved(saved as SavedView);
    } catch (error) {
      const failure = error instanceof HttpFailure ? error : null;
      const found = Object.entries(failure?.errors ?? {}).map(([field, each]) => [field, each.message]);
      setErrors(found.length > 0 ? Object.fromEntries(found) : { form: failure?.message ?? String(error) });
    } finally {
      setBusy(false);
    }
  };
  const roleBoxes = (chosen: readonly Role[], offered: readonly Role[], set: (roles: Role[]) => void) => (
    <div className="role-boxes">
      {offered.map((role) => (
        <label key={role} className="check-line">
          <input
            type="checkbox"
            className="checkbox"
            checked={chosen.includes(role)}
            onChange={(event) =>
              set(event.target.checked ? [...chosen, role] : chosen.filter((other) => other !== role))
            }
          />
          {t(`role.${role}`)}
        </label>
      ))}
    </div>
  );
  const wrong = (field: string) =>
    errors[field] ? (
      <p className="field-error" role="alert">
        {errors[field]}
      </p>
    ) : null;
  return (
    <Dialog
      title={t(view ? 'view.edit' : 'view.save_as')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button tone="primary" type="submit" form={form} busy={busy}>
            {t('form.save')}
          </Button>
        </>
      }
    >
      <form id={form} className="view-form" onSubmit={(event) => void save(event)}>
        {wrong('form')}
        <label>
          <span>{t('view.name')}</span>
          <input
            className="input"
            data-focus
            required
            maxLength={60}
            value={name}
            aria-invalid={errors.name ? true : undefined}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {wrong('name')}
        <fieldset>
          <legend>{t('view.shared_with')}</legend>
          {SHARED.map((each) => (
            <label key={each} className="check-line">
              <input
                type="radio"
                name="visibility"
                checked={visibility === each}
                onChange={() => setVisibility(each)}
              />
              {t(`view.shared_${each}`)}
            </label>
          ))}
          {visibility === 'roles' ? roleBoxes(roles, ROLES, setRoles) : null}
          {wrong('roles')}
        </fieldset>
        {firstOf.length > 0 && user.roles.some((role) => STAFF.includes(role)) ? (
          <fieldset>
            <legend>{t('view.default_roles')}</legend>
            {roleBoxes(first, firstOf, setFirst)}
            {wrong('default_roles')}
          </fieldset>
        ) : null}
        <label>
          <span>{t('view.refresh')}</span>
          <select className="select" value={refresh_s} onChange={(event) => setRefresh(Number(event.target.value))}>
            {REFRESHES_S.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds === 0
                  ? t('view.refresh_never')
                  : seconds < 60
                    ? t('view.refresh_seconds', { n: seconds })
                    : t('view.refresh_minutes', { n: seconds / 60 })}
              </option>
            ))}
          </select>
        </label>
        <p className="muted facet-note">{t('view.never_more')}</p>
      </form>
    </Dialog>
  );
}
