import { useLogout } from '@refinedev/core';
import { useSyncExternalStore } from 'react';
import { useNavigate } from 'react-router';
import type { Lang, MetaUser } from '../../api/contract.ts';
import { changeLang, useLang } from '../i18n/index.ts';
import { Menu } from '../ui/menu.tsx';
import { adoptLang } from './adopt-lang.ts';
import { onThemeChange, setThemeMode, type ThemeMode, themeMode } from './theme-mode.ts';

export function UserMenu({ user }: { user: MetaUser }) {
  const { t, lang } = useLang();
  const navigate = useNavigate();
  const { mutate: signOut } = useLogout();
  const mode = useSyncExternalStore(onThemeChange, themeMode);
  const speak = (next: Lang) => {
    changeLang(next);
    void adoptLang(next);
  };
  const theme = (value: ThemeMode, icon: string) => ({
    key: value,
    icon,
    label: t(`theme.${value}`),
    checked: mode === value,
    run: () => setThemeMode(value),
  });
  return (
    <Menu
      className="button button-quiet user-button"
      trigger={
        <>
          <span className="avatar" data-initial={initial(user.name)} />
          <span className="visually-hidden">{t('shell.account')}</span>
          <span className="user-name">{user.name}</span>
        </>
      }
      groups={[
        [
          { key: 'zh', label: '中文', icon: 'globe', checked: lang === 'zh', run: () => speak('zh') },
          { key: 'en', label: 'English', icon: 'globe', checked: lang === 'en', run: () => speak('en') },
        ],
        [theme('light', 'sun'), theme('dark', 'moon'), theme('system', 'desktop')],
        [
          {
            key: 'out',
            label: t('shell.sign_out'),
            icon: 'sign-out',
            run: () => signOut(undefined, { onSuccess: () => navigate('/sign-in') }),
          },
        ],
      ]}
    />
  );
}

const initial = (name: string): string => [...name.trim()][0]?.toUpperCase() ?? '·';
