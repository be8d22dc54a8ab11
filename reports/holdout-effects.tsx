/** What campaigns and automations did beside those who were held out of them. */
import { Link } from 'react-router';
import type { ReportColumn } from '../api/contract-reports.ts';
import type { HoldoutEffect } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { showChange, showRange, showSigned } from './change.ts';
import { say, type Word } from './words.ts';

const COUNT: ReportColumn = { role: 'measure', label: ['', ''], unit: 'count' };
const RATE: ReportColumn = { role: 'measure', label: ['', ''], unit: 'rate' };
const MONEY: ReportColumn = { role: 'measure', label: ['', ''], unit: 'money' };
const TONES = { more: 'on_track', less: 'missed', unclear: 'too_early', too_few: 'too_early', ratio_off: 'at_risk' };

export function HoldoutEffects({ effects, reader }: { effects: readonly HoldoutEffect[]; reader: Reader }) {
  const { lang } = reader;
  return (
    <section className="report-body health-part health-wide">
      <h2>{say(lang, 'effects')}</h2>
      <p className="metric-note">
        {say(lang, 'stage_mean_change')}
        {lang === 'zh' ? '。' : '. '}
        {say(lang, 'effects_note')}
      </p>
      {effects.length === 0 ? (
        <p className="metric-note">{say(lang, 'none')}</p>
      ) : (
        <EffectTable effects={effects} reader={reader} />
      )}
    </section>
  );
}

export function EffectTable({ effects, reader }: { effects: readonly HoldoutEffect[]; reader: Reader }) {
  const { lang } = reader;
  return (
    <table className="health-table effects">
      <thead>
        <tr>
          <th>{say(lang, 'effect_name')}</th>
          <th className="health-number">{say(lang, 'effect_treated')}</th>
          <th className="health-number">{say(lang, 'effect_held_out')}</th>
          <th className="health-number">{say(lang, 'effect_difference')}</th>
          <th className="health-number">{say(lang, 'effect_spend')}</th>
          <th className="health-number">{say(lang, 'effect_adjusted')}</th>
          <th>{say(lang, 'effect_verdict')}</th>
        </tr>
      </thead>
      <tbody>
        {effects.map((effect) => (
          <Effect key={`${effect.kind} ${effect.record_id}`} effect={effect} reader={reader} />
        ))}
      </tbody>
    </table>
  );
}

function Effect({ effect, reader }: { effect: HoldoutEffect; reader: Reader }) {
  const { lang } = reader;
  const points = (value: string | null) => showChange({ unit: 'rate', good: 'up' }, value, lang)?.text ?? '–';
  const money = (value: string | null) => (value === null ? '–' : showSigned(value, MONEY, reader));
  const people = (count: number) => showValue(count, COUNT, reader);
  const few = effect.verdict === 'too_few' || effect.verdict === 'ratio_off';
  return (
    <tr>
      <th scope="row">
        <Link to={`/${effect.kind}s/${effect.record_id}`}>{pick(lang, effect.name)}</Link>
        <span className="metric-note">{say(lang, `kind_${effect.kind}` as Word)}</span>
      </th>
      <Cell label={say(lang, 'effect_treated')} note={say(lang, 'effect_people', { count: people(effect.treated) })}>
        {showValue(effect.treated_rate, RATE, reader) || '–'}
      </Cell>
      <Cell label={say(lang, 'effect_held_out')} note={say(lang, 'effect_people', { count: people(effect.held_out) })}>
        {showValue(effect.held_out_rate, RATE, reader) || '–'}
      </Cell>
      <Cell
        label={say(lang, 'effect_difference')}
        note={few ? '' : showRange(effect.difference_low, effect.difference_high, lang)}
      >
        {few ? '–' : points(effect.difference)}
      </Cell>
      <Cell
        label={say(lang, 'effect_spend')}
        note={few ? '' : `${money(effect.spend_low)} – ${money(effect.spend_high)}`}
      >
        {few ? '–' : money(effect.spend_difference)}
      </Cell>
      <Cell
        label={say(lang, 'effect_adjusted')}
        note={few ? '' : `${money(effect.adjusted_low)} – ${money(effect.adjusted_high)}`}
      >
        {few ? '–' : money(effect.adjusted_difference)}
      </Cell>
      <td data-label={say(lang, 'effect_verdict')}>
        <span className={`standing standing-${TONES[effect.verdict]}`}>
          {say(lang, `effect_${effect.verdict}` as Word)}
        </span>
      </td>
    </tr>
  );
}

function Cell({ label, note, children }: { label: string; note: string; children: string }) {
  return (
    <td className="health-number" data-label={label}>
      <span>{children}</span>
      {note ? <span className="metric-note">{note}</span> : null}
    </td>
  );
}
