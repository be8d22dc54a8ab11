import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Json, Pair, PermissionMatrix, PermissionReason, PermissionWhy } from '../../api/contract.ts';
import { printPredicate } from '../../api/predicate.ts';
import { kindInput, loadInputs } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { getJson } from '../refine/http.ts';
import { Antd } from '../ui/antd.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty, Failure, Skeleton } from '../ui/states.tsx';

const PERSON = { kind: 'ref', to: 'users', label: ['用户', 'Person'] } as const;

/** Somebody and something chosen: each permission with what gives or refuses it. */
export function Why({ matrix }: { matrix: PermissionMatrix }) {
  const { t, say } = useLang();
  const [ready, setReady] = useState(false);
  const [user, setUser] = useState<number | null>(null);
  const [title, setTitle] = useState<string>();
  const [name, setName] = useState('');
  useEffect(() => {
    void loadInputs(['ref']).then(() => setReady(true));
  }, []);
  const query = useQuery({
    queryKey: ['evergreen', 'permissions', 'why', user, name],
    enabled: user !== null && name !== '',
    queryFn: ({ signal }) =>
      getJson<PermissionWhy>(`/api/_permissions/why?user=${user}&resource=${encodeURIComponent(name)}`, signal),
    retry: false,
  });
  const Person = ready ? kindInput('ref') : null;
  const resource = matrix.resources.find((each) => each.name === name);
  return (
    <section className="card perm-why" aria-label={t('perm.tab_why')}>
      <div className="perm-ask">
        <div className="field">
          <label htmlFor="perm-person">{t('perm.person')}</label>
          {Person ? (
            <Antd>
              <Person
                id="perm-person"
                name="changed_by"
                resource="role_permissions"
                field={PERSON}
                value={user}
                label={title}
                onChange={(value: Json) => setUser(typeof value === 'number' ? value : null)}
                onLabel={(label) => setTitle(typeof label === 'string' ? label : undefined)}
              />
            </Antd>
          ) : (
            <Skeleton lines={1} />
          )}
        </div>
        <div className="field">
          <label htmlFor="perm-what">{t('perm.what')}</label>
          <select id="perm-what" className="input" value={name} onChange={(event) => setName(event.target.value)}>
            <option value="">{t('form.choose')}</option>
            {matrix.groups.map((group) => (
              <optgroup key={group.name} label={say(group.label)}>
                {matrix.resources
                  .filter((each) => each.group === group.name)
                  .map((each) => (
                    <option key={each.name} value={each.name}>
                      {say(each.label)}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </div>
      </div>
      {user === null || !resource ? (
        <Empty icon="help" title={t('perm.tab_why')}>
          {t('perm.why_hint')}
        </Empty>
      ) : query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data ? (
        <Answer why={query.data} resource={resource} />
      ) : (
        <Skeleton lines={8} />
      )}
    </section>
  );
}

function Answer({ why, resource }: { why: PermissionWhy; resource: PermissionMatrix['resources'][number] }) {
  const { t, say, lang } = useLang();
  return (
    <div className="perm-answer">
      <ul className="perm-reasons">
        {why.letters.map((each) => (
          <Reason key={each.letter} what={each.what} reason={each} />
        ))}
        {why.actions.map((each) => (
          <Reason key={each.name} what={each.what} reason={each} />
        ))}
      </ul>
      <h2>{t('perm.rows')}</h2>
      <p>
        {say(why.rows.because)}
        {why.rows.where ? (
          <>
            {lang === 'zh' ? '：' : ': '}
            <strong>{printPredicate(why.rows.where, resource.context, lang)}</strong>
          </>
        ) : null}
      </p>
      <h2>{t('perm.fields')}</h2>
      <table className="perm-fields">
        <thead>
          <tr>
            <th scope="col">{t('perm.field')}</th>
            <th scope="col">{t('perm.r')}</th>
            <th scope="col">{t('perm.u')}</th>
          </tr>
        </thead>
        <tbody>
          {why.fields.map((field) => (
            <tr key={field.name}>
              <th scope="row">
                {say(field.label)}
                {field.masked ? <span className="chip">{t('perm.masked')}</span> : null}
              </th>
              {[field.read, field.write].map((reason) => (
                <td key={reason.what[0]} className={reason.allowed ? 'perm-yes' : 'perm-no'}>
                  <Verdict allowed={reason.allowed} />
                  <span>{say(reason.because)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Reason({ what, reason }: { what: Pair; reason: PermissionReason }) {
  const { say } = useLang();
  return (
    <li className={reason.allowed ? 'perm-yes' : 'perm-no'}>
      <Verdict allowed={reason.allowed} />
      <strong>{say(what)}</strong>
      <span>{say(reason.because)}</span>
    </li>
  );
}

function Verdict({ allowed }: { allowed: boolean }) {
  const { t } = useLang();
  return (
    <>
      <Icon name={allowed ? 'check' : 'close'} />
      <span className="visually-hidden">{t(allowed ? 'perm.can' : 'perm.cannot')}</span>
    </>
  );
}
