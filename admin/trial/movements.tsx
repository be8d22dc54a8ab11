/** What a made-up fact had booked, lot by lot. */
import type { TrialMovement } from '../../api/contract-trials.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';

export function Movements({ movements, when }: { movements: readonly TrialMovement[]; when(at: string): string }) {
  const { t, say } = useLang();
  return (
    <section className="card trial-rules">
      <h2>{t('trial.movements')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div className="trial-moves" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t('trial.movement')}</th>
              <th>{t('trial.movement_from')}</th>
              <th>{t('trial.movement_states')}</th>
              <th className="number">{t('trial.movement_points')}</th>
              <th>{t('trial.movement_expires')}</th>
            </tr>
          </thead>
          <tbody>
            {movements.map((each, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list that is only shown
              <tr key={at}>
                <td>{say(each.kind)}</td>
                <td>
                  {each.rule ? say(each.rule) : each.origin ? null : t('trial.movement_debt')}
                  {each.origin ? (
                    <span className="muted">
                      {' '}
                      {say(each.origin)} {each.earned_on}
                    </span>
                  ) : null}
                </td>
                <td>
                  {say(each.from)} → {say(each.to)}
                </td>
                <td className="number">{formatInteger(each.points)}</td>
                <td>
                  {each.account === 'points' && each.origin
                    ? each.expires_at
                      ? when(each.expires_at)
                      : t('trial.never_expires')
                    : '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
