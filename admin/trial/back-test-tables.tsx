/** Who moves between tiers, and whom it is most about. */
import { Link } from 'react-router';
import type { BackTest, BackTestPerson } from '../../api/contract-trials.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';

export function MoveTable({ test }: { test: BackTest }) {
  const { t, say } = useLang();
  return (
    <section className="card bt-list">
      <h2>{t('bt.moves')}</h2>
      {test.moves.length === 0 ? (
        <p className="muted">{t('bt.no_moves')}</p>
      ) : (
        <table className="bt-table">
          <thead>
            <tr>
              <th scope="col">{t('bt.from')}</th>
              <th scope="col">{t('bt.to')}</th>
              <th scope="col" className="right">
                {t('bt.customers')}
              </th>
            </tr>
          </thead>
          <tbody>
            {test.moves.map((move) => (
              <tr key={`${move.from[1]} ${move.to[1]}`}>
                <td>{say(move.from) || t('trial.none')}</td>
                <td className={move.up ? 'bt-up' : 'bt-down'}>
                  <span aria-hidden="true">{move.up ? '↑ ' : '↓ '}</span>
                  {say(move.to) || t('trial.none')}
                </td>
                <td className="right">{formatInteger(move.customers)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function PeopleTable({
  title,
  none,
  people,
}: {
  title: string;
  none: string;
  people: readonly BackTestPerson[];
}) {
  const { t } = useLang();
  return (
    <section className="card bt-list">
      <h2>{title}</h2>
      {people.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <table className="bt-table">
          <thead>
            <tr>
              <th scope="col">{t('bt.customer')}</th>
              <th scope="col" className="right">
                {t('bt.real')}
              </th>
              <th scope="col" className="right">
                {t('bt.draft')}
              </th>
              <th scope="col" className="right">
                {t('bt.more')}
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <tr key={person.customer_id}>
                <td>
                  <Link to={`/customers/${person.customer_id}`}>{person.external_id}</Link>
                </td>
                <td className="right">{formatInteger(person.real)}</td>
                <td className="right">{formatInteger(person.draft)}</td>
                <td className={`right ${person.more > 0 ? 'bt-up' : 'bt-down'}`}>
                  {person.more > 0 ? '+' : ''}
                  {formatInteger(person.more)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
