import { useLang } from '../i18n/index.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';

export default function NotFound() {
  const { t } = useLang();
  return (
    <Empty
      page
      icon="search"
      title={t('not_found.title')}
      actions={<ButtonLink to="/">{t('not_found.home')}</ButtonLink>}
    >
      {t('not_found.text')}
    </Empty>
  );
}
