import type { Tone } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';

const ICONS: { [tone in Tone['tone']]: string } = {
  good: 'check',
  info: 'info',
  warning: 'warning',
  bad: 'warning',
  quiet: 'lock',
};

/** What a row's colour means: a shape to see and words to hear. */
export function ToneMark({ tone }: { tone: Tone }) {
  const { say } = useLang();
  const label = say(tone.label);
  return (
    <span className={`tone-mark tone-ink-${tone.tone}`} title={label}>
      <Icon name={ICONS[tone.tone]} size={14} />
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
