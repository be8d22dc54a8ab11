/** What a made-up fact came to: the sums, then every rule with what it gave or what it missed. */
import type { Pair } from '../../api/contract.ts';
import type { DryRun, TrialPart, TrialRule } from '../../api/contract-trials.ts';
import { formatInteger } from '../fields/numbers.ts';
import { utcToZoned } from '../fields/zoned-time.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { Icon } from '../ui/icon.tsx';
import { Movements } from './movements.tsx';

export function Waterfall({ run }: { run: DryRun }) {
  const { t, say } = useLang();
  const when = useWhen();
  const tier = (named: Pair | null) => (named ? say(named) : t('trial.none'));
  return (
    <div className="trial-result">
      <dl className="trial-sums">
        <Sum label={t('trial.points')} value={signed(run.points)} />
        <Sum label={t('trial.growth')} value={signed(run.growth)} />
        <Sum
          label={t('trial.tier')}
          value={
            run.tier.before?.[1] === run.tier.after?.[1]
              ? tier(run.tier.after)
              : `${tier(run.tier.before)} → ${tier(run.tier.after)}`
          }
          note={run.tier.valid_until_at ? t('trial.valid_until', { at: when(run.tier.valid_until_at) }) : undefined}
        />
        <Sum
          label={t('trial.balance')}
          value={`${formatInteger(run.balance.before.available)} → ${formatInteger(run.balance.after.available)}`}
        />
      </dl>
      {(['points', 'growth'] as const).map((account) => {
        const rules = run.rules.filter((rule) => rule.account === account);
        if (rules.length === 0) return null;
        return (
          <section key={account} className="card trial-rules">
            <h2>{t(`trial.group_${account}`)}</h2>
            <ol>
              {rules.map((rule) => (
                <Rule key={rule.rule_id} rule={rule} when={when} />
              ))}
            </ol>
          </section>
        );
      })}
      {run.rules.length === 0 && run.movements.length === 0 ? (
        <p className="note note-warning">{t('trial.no_movements')}</p>
      ) : null}
      {run.movements.length > 0 ? <Movements movements={run.movements} when={when} /> : null}
      <p className="muted trial-foot">
        {t('trial.at', { at: when(run.at), ms: run.took_ms })} · {t('trial.not_kept')}
      </p>
    </div>
  );
}

function Sum({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <div className="card trial-sum">
      <dt>{label}</dt>
      <dd>
        {value}
        {note ? <small>{note}</small> : null}
      </dd>
    </div>
  );
}

function Rule({ rule, when }: { rule: TrialRule; when(at: string): string }) {
  const { t, say } = useLang();
  const parts = [...rule.checks, ...rule.condition];
  const gives = rule.points > 0;
  return (
    <li className={`trial-rule trial-${rule.outcome}`}>
      <div className="trial-rule-head">
        <span className="trial-rule-name">
          {say(rule.name)}
          {rule.draft ? <span className="trial-draft-mark">{t('trial.is_draft')}</span> : null}
        </span>
        <span className="trial-outcome">{t(`trial.outcome_${rule.outcome}`)}</span>
        <span className="trial-points">{gives ? signed(rule.points) : '–'}</span>
      </div>
      <Steps rule={rule} />
      <ul className="trial-parts">
        {parts.map((part) => (
          <Part key={part.text[1]} part={part} />
        ))}
      </ul>
      {gives ? (
        <p className="muted trial-dates">
          {rule.available_at && rule.account === 'points'
            ? t('trial.available', { at: when(rule.available_at) })
            : null}
          {rule.account === 'points'
            ? ` · ${rule.expires_at ? t('trial.expires', { at: when(rule.expires_at) }) : t('trial.never_expires')}`
            : null}
        </p>
      ) : null}
    </li>
  );
}

/** How the number came about, from left to right. */
function Steps({ rule }: { rule: TrialRule }) {
  const { t, say } = useLang();
  if (rule.outcome === 'not_met' && rule.effect !== 'multiply') return null;
  const { per_fact, per_day, per_customer } = rule.caps;
  const caps = [
    per_fact === null ? null : t('trial.cap_fact', { n: formatInteger(per_fact) }),
    per_day === null ? null : t('trial.cap_day', { n: formatInteger(per_day) }),
    per_customer === null ? null : t('trial.cap_customer', { n: formatInteger(per_customer) }),
  ].filter((cap) => cap !== null);
  const steps = [
    rule.basis_amount === null ? null : t('trial.basis', { amount: rule.basis_amount }),
    rule.rate === null
      ? null
      : rule.per_amount === null
        ? t('trial.fixed', { points: formatInteger(rule.rate) })
        : t('trial.rate', { per: rule.per_amount, points: formatInteger(rule.rate) }),
    ...rule.multipliers.map((each) => t('trial.times', { name: say(each.name), factor: each.factor })),
    rule.tier_factor === null ? null : t('trial.tier_times', { factor: rule.tier_factor }),
    rule.raw_points === null ? null : t('trial.raw', { raw: plain(rule.raw_points) }),
    caps.length === 0 ? null : t('trial.caps', { caps: caps.join(' · ') }),
    rule.reason === null ? null : t('trial.reason', { reason: say(rule.reason) }),
  ].filter((step) => step !== null);
  return (
    <ol className="trial-steps">
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}

function Part({ part }: { part: TrialPart }) {
  const { t, say } = useLang();
  return (
    <li className={part.met ? 'trial-met' : 'trial-missed'}>
      <Icon name={part.met ? 'check' : 'close'} size={14} />
      <span className="visually-hidden">{t(part.met ? 'trial.met' : 'trial.missed')}</span>
      <span>
        {say(part.text)}
        {part.any_of ? (
          <span className="trial-any">
            {part.any_of.map((one) => (
              <span key={one.text[1]} className={one.met ? 'trial-met' : 'trial-missed'}>
                <Icon name={one.met ? 'check' : 'close'} size={12} />
                {say(one.text)}
              </span>
            ))}
          </span>
        ) : null}
      </span>
    </li>
  );
}

/** A time in the programme's zone, to the minute. */
export function useWhen(): (at: string) => string {
  const { settings } = useMeta();
  return (at) => utcToZoned(at, settings.time_zone).replace('T', ' ').slice(0, 16);
}

const signed = (points: number) => (points > 0 ? `+${formatInteger(points)}` : formatInteger(points));

/** "12.5000" -> "12.5" */
const plain = (text: string) => text.replace(/\.?0+$/, '');
