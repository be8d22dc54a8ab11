import './door.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useLang } from '../i18n/index.ts';
import { HttpFailure, postJson, send } from '../refine/http.ts';
import { META_KEY, queryClient } from '../refine/query-client.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Skeleton } from '../ui/states.tsx';
import { Door } from './door.tsx';

interface Link {
  first_administrator: boolean;
  email: string | null;
  name: string | null;
}

/** Where a one-time link leads: the first administrator, or somebody with a new password. */
export default function SetPassword() {
  const { t } = useLang();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const token = search.get('token') ?? '';
  const link = useQuery({
    queryKey: ['evergreen', 'link', token],
    queryFn: () => postJson<Link>('/api/auth/link', { token }),
    retry: false,
  });
  const [values, setValues] = useState({ email: '', name: '', password: '', again: '' });
  const [errors, setErrors] = useState<{ [field: string]: string }>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const first = link.data?.first_administrator ?? false;

  const save = async () => {
    setGeneral(null);
    if (values.password !== values.again) return setErrors({ again: t('set_password.differ') });
    setBusy(true);
    try {
      const { email, name, password } = values;
      await send('POST', '/api/auth/set-password', { body: { token, password, ...(first ? { email, name } : {}) } });
      queryClient.removeQueries({ queryKey: META_KEY });
      navigate('/', { replace: true });
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      setErrors(Object.fromEntries(Object.entries(error.errors ?? {}).map(([field, { message }]) => [field, message])));
      if (!error.errors) setGeneral(error.statusCode ? error.message : t('error.offline'));
    } finally {
      setBusy(false);
    }
  };
  const input = (name: keyof typeof values, label: string, type: string, complete: string) => (
    <label>
      <span>{label}</span>
      <input
        className="input"
        type={type}
        required
        autoComplete={complete}
        aria-invalid={name in errors || undefined}
        aria-describedby={name in errors ? `set-${name}` : undefined}
        value={values[name]}
        onChange={(event) => setValues({ ...values, [name]: event.target.value })}
      />
      {name in errors ? (
        <span className="door-error" id={`set-${name}`}>
          {errors[name]}
        </span>
      ) : null}
    </label>
  );
  return (
    <Door title={t('set_password.title')}>
      {link.isError ? (
        <div className="door-form">
          <p className="note note-warning" role="alert">
            <Icon name="warning" />
            <span>
              {link.error instanceof HttpFailure && link.error.statusCode ? link.error.message : t('error.offline')}
            </span>
          </p>
          <ButtonLink to="/sign-in">{t('sign_in.title')}</ButtonLink>
        </div>
      ) : !link.data ? (
        <Skeleton lines={4} />
      ) : (
        <form
          className="door-form"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <p className="muted">
            {first ? t('set_password.first') : t('set_password.for', { email: link.data.email ?? '' })}
          </p>
          {general ? (
            <p className="note note-bad" role="alert">
              <Icon name="warning" />
              <span>{general}</span>
            </p>
          ) : null}
          {first ? input('name', t('set_password.name'), 'text', 'name') : null}
          {first ? input('email', t('sign_in.email'), 'email', 'username') : null}
          {input('password', t('set_password.password'), 'password', 'new-password')}
          {input('again', t('set_password.again'), 'password', 'new-password')}
          <Button type="submit" tone="primary" busy={busy}>
            {t('set_password.save')}
          </Button>
        </form>
      )}
    </Door>
  );
}
