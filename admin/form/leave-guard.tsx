import { type RefObject, useEffect } from 'react';
import { useBlocker } from 'react-router';
import { useLang } from '../i18n/index.ts';
import { Confirm } from '../ui/confirm.tsx';

/** Asks before typed work is left behind: by link, by back button, by closing the tab. */
export function LeaveGuard({ active, passing }: { active: boolean; passing: RefObject<boolean> }) {
  const { t } = useLang();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      active && !passing.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!active) return;
    const stay = (event: BeforeUnloadEvent) => {
      if (!passing.current) event.preventDefault();
    };
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [active, passing]);
  if (blocker.state !== 'blocked') return null;
  return (
    <Confirm
      title={t('leave.title')}
      text={t('leave.text')}
      ok={t('leave.ok')}
      danger
      onOk={() => blocker.proceed()}
      onClose={() => blocker.reset()}
    />
  );
}
