import { useNavigate } from 'react-router';
import type { MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';

/** What is seldom wanted of a list, behind the dots at its head. */
export function ListMenu({ resource }: { resource: MetaResource }) {
  const { t } = useLang();
  const navigate = useNavigate();
  const items: MenuItem[] = resource.can.delete
    ? [{ key: 'trash', label: t('trash.name'), icon: 'delete', run: () => navigate(`/${resource.name}/trash`) }]
    : [];
  if (items.length === 0) return null;
  return (
    <Menu
      label={t('list.more')}
      className="button button-default button-icon"
      trigger={<Icon name="more" />}
      groups={[items]}
    />
  );
}
