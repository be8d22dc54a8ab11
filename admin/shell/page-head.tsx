import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';

/** Title of a page with the way back and its commands; also the title of the browser tab. */
export function PageHead({
  title,
  back,
  note,
  actions,
}: {
  title: string;
  back?: { to: string; label: string };
  note?: ReactNode;
  actions?: ReactNode;
}) {
  const { t } = useLang();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <div className="page-head">
      <div className="page-title">
        {back ? (
          <Link className="page-back" to={back.to}>
            <Icon name="back" size={14} />
            {back.label}
          </Link>
        ) : null}
        <h1>{title}</h1>
        {note}
      </div>
      {actions ? <div className="page-actions">{actions}</div> : null}
    </div>
  );
}
