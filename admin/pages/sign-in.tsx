import './door.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { type TextKey, useLang } from '../i18n/index.ts';
import { getJson, type HttpFailure } from '../refine/http.ts';
import { authProvider } from '../refine/providers.ts';
import { META_KEY, queryClient } from '../refine/query-client.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Door } from './door.tsx';

/** Why the identity provider's way did not lead in: /sign-in?problem=<key>. */
const PROBLEMS = {
  oidc_cancelled: 'sign_in.oidc_cancelled',
  oidc_expired: 'sign_in.oidc_expired',
  oidc_refused: 'sign_in.oidc_refused',
  oidc_invalid: 'sign_in.oidc_invalid',
  oidc_away: 'sign_in.oidc_away',
  oidc_no_email: 'sign_in.oidc_no_email',
  oidc_domain: 'sign_in.oidc_domain',
  oidc_unknown: 'sign_in.oidc_unknown',
  oidc_other_person: 'sign_in.oidc_other_person',
  oidc_disabled: 'sign_in.oidc_disabled',
  oidc_no_role: 'sign_in.oidc_no_role',
} as const satisfies { [key: string]: TextKey };

interface AuthState {
  signed_in: boolean;
  demo_users: { email: string; password: string; role: string; name: string }[] | null;
  /** Where else one may sign in. */
  oidc: { label: string } | null;
}

export default function SignIn() {
  const { t } = useLang();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  // Not Refine's useLogin: it would say a wrong password a second time, in a corner.
  const { mutate: signIn, isPending } = useMutation({ mutationFn: authProvider.login });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const came = search.get('problem') ?? '';
  const [problem, setProblem] = useState<string | null>(() =>
    Object.hasOwn(PROBLEMS, came) ? t(PROBLEMS[came as keyof typeof PROBLEMS]) : null,
  );
  const { data: state } = useQuery({
    queryKey: ['evergreen', 'auth-state'],
    queryFn: () => getJson<AuthState>('/api/auth/state'),
    retry: false,
  });
  const enter = (as: { email: string; password: string }) => {
    setProblem(null);
    signIn(as, {
      onSuccess: (answer) => {
        if (answer.success) {
          queryClient.removeQueries({ queryKey: META_KEY });
          navigate(within(search.get('to')), { replace: true });
          return;
        }
        const failure = answer.error as HttpFailure | undefined;
        setProblem(failure?.statusCode ? failure.message : t('error.offline'));
      },
    });
  };
  return (
    <Door title={t('sign_in.title')}>
      <form
        className="door-form"
        onSubmit={(event) => {
          event.preventDefault();
          enter({ email: email.trim(), password });
        }}
      >
        {problem ? (
          <p className="note note-bad" role="alert" id="sign-in-problem">
            <Icon name="warning" />
            <span>{problem}</span>
          </p>
        ) : null}
        <label>
          <span>{t('sign_in.email')}</span>
          <input
            className="input"
            type="email"
            name="email"
            autoComplete="username"
            required
            // biome-ignore lint/a11y/noAutofocus: there is nothing else to do here.
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
        <label>
          <span>{t('sign_in.password')}</span>
          <input
            className="input"
            type="password"
            name="password"
            autoComplete="current-password"
            required
            aria-describedby={problem ? 'sign-in-problem' : undefined}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <Button type="submit" tone="primary" busy={isPending}>
          {t('sign_in.enter')}
        </Button>
      </form>
      {state?.oidc ? (
        <div className="door-other">
          <span className="muted">{t('sign_in.or')}</span>
          <a
            className="button button-default"
            href={`/api/auth/oidc/start?${new URLSearchParams({ to: within(search.get('to')) })}`}
          >
            {t('sign_in.oidc', { label: state.oidc.label })}
          </a>
        </div>
      ) : null}
      {state?.demo_users ? (
        <section className="door-demo" aria-label={t('sign_in.demo')}>
          <h2>{t('sign_in.demo')}</h2>
          <ul>
            {state.demo_users.map((user) => (
              <li key={user.email}>
                <button type="button" className="demo-user" onClick={() => enter(user)}>
                  <strong>{t(`role.${user.role}` as TextKey)}</strong> {user.name}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </Door>
  );
}

/** Only a path of this site: an address from outside must not lead elsewhere after signing in. */
function within(to: string | null): string {
  return to && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to : '/';
}
