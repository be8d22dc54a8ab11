/** Text kinds: trimmed, otherwise kept as written (no Unicode normalisation); lengths count code points. */
import type { Field } from '../contract.ts';
import { Fault } from './fault.ts';
import { isHost } from './host-name.ts';
import type { Parser } from './parse-value.ts';
import { patternFault } from './safe-pattern.ts';
import { webhookFault } from './webhook-address.ts';

const TEXT_MAX = 1_000;
const LONGTEXT_MAX = 100_000;
const PASSWORD_MAX = 1_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all but tab and newline
const CONTROL_IN_LONGTEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** True when the text has more than `max` code points. */
export function isLonger(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > max * 2) return true;
  let count = 0;
  for (const _ of text) count += 1;
  return count > max;
}

/** Whether a line of text may be stored: no control characters, no half of a surrogate pair. */
export function isCleanLine(text: string): boolean {
  return !CONTROL.test(text) && text.isWellFormed();
}

export function textParser(field: Field & { kind: 'text' | 'longtext' }): Parser {
  const long = field.kind === 'longtext';
  const max = field.max ?? (long ? LONGTEXT_MAX : TEXT_MAX);
  const control = long ? CONTROL_IN_LONGTEXT : CONTROL;
  const pattern = field.pattern === undefined ? null : new RegExp(field.pattern, 'u');
  return (raw, { private_webhooks = false }) => {
    if (typeof raw !== 'string') return new Fault('not_a_text');
    const text = (long ? raw.replaceAll('\r\n', '\n') : raw).trim();
    if (text === '') return null;
    if (control.test(text) || !text.isWellFormed()) return new Fault('bad_text');
    if (isLonger(text, max)) return new Fault('too_long', { max });
    if (pattern && !pattern.test(text)) return new Fault('bad_pattern');
    const wrong =
      field.format === 'regexp'
        ? patternFault(text)
        : field.format === 'webhook'
          ? webhookFault(text, { allow_private: private_webhooks })
          : field.format === 'host' && !isHost(text)
            ? 'not_a_host'
            : null;
    return wrong ? new Fault(wrong) : text;
  };
}

/** Kept as typed, spaces included. What makes a good one is for whoever hashes it. */
export const parsePassword: Parser = (raw) => {
  if (typeof raw !== 'string') return new Fault('not_a_text');
  return isLonger(raw, PASSWORD_MAX) ? new Fault('too_long', { max: PASSWORD_MAX }) : raw;
};

// ASCII only, so that Postgres and JavaScript agree on its lower case; domains in other scripts have an ASCII form.
const EMAIL =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** In lower case. */
export const parseEmail: Parser = (raw) => {
  if (typeof raw !== 'string') return new Fault('not_a_text');
  const email = raw.trim().toLowerCase();
  if (email === '') return null;
  return email.length <= 254 && EMAIL.test(email) && !email.includes('..') ? email : new Fault('not_an_email');
};

/**
 * One spelling per number: Chinese mobiles as 11 digits, Chinese land lines with their area code (02112345678),
 * everything else as + and digits (E.164). Spaces, hyphens, dots and brackets fall away.
 */
export const parsePhone: Parser = (raw) => {
  if (typeof raw !== 'string') return new Fault('not_a_text');
  const digits = raw
    .normalize('NFKC')
    .replace(/[\s().-]+/g, '')
    .replace(/^00(?=[1-9])/, '+');
  if (digits === '') return null;
  const mobile = /^(?:\+?86)?(1[3-9]\d{9})$/.exec(digits);
  if (mobile) return mobile[1]!;
  const land = /^(?:\+860?|0)([1-9]\d{1,2}\d{7,8})$/.exec(digits);
  if (land) return `0${land[1]}`;
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : new Fault('not_a_phone');
};

/** "#rrggbb" in lower case. */
export const parseColor: Parser = (raw) => {
  if (typeof raw !== 'string') return new Fault('not_a_text');
  const color = raw.trim().toLowerCase();
  if (color === '') return null;
  if (/^#[0-9a-f]{6}$/.test(color)) return color;
  return /^#[0-9a-f]{3}$/.test(color) ? color.replace(/[0-9a-f]/g, '$&$&') : new Fault('not_a_color');
};
