import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Link } from 'react-router';
import { Icon } from './icon.tsx';

export type ButtonTone = 'default' | 'primary' | 'quiet' | 'danger';

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  tone?: ButtonTone;
  icon?: string;
  busy?: boolean;
  small?: boolean;
  /** Why the button does nothing for this person, now. It stays focusable so that the reason can be read. */
  why?: string | null;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ tone = 'default', icon, busy, small, why, children, className, onClick, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(tone, small, !children, className)}
      aria-disabled={why || busy ? true : undefined}
      title={why ?? rest.title}
      onClick={why || busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}

/** A link that looks like a button; it goes somewhere, a button does something. */
export function ButtonLink(props: {
  to: string;
  tone?: ButtonTone;
  icon?: string;
  small?: boolean;
  children?: ReactNode;
  'aria-label'?: string;
}) {
  const { to, tone = 'default', icon, small, children } = props;
  return (
    <Link to={to} className={classes(tone, small, !children)} aria-label={props['aria-label']}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </Link>
  );
}

function classes(tone: ButtonTone, small?: boolean, bare?: boolean, more?: string): string {
  return ['button', `button-${tone}`, small && 'button-small', bare && 'button-icon', more].filter(Boolean).join(' ');
}
