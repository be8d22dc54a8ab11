import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { openQuickLook } from '../ui/quick-look-store.ts';

/** The title of a related record: a click shows it beside the page, a click for a new tab opens its own. */
export function RelationLink({
  resource,
  id,
  className,
  children,
}: {
  resource: string;
  id: number;
  className: string;
  children: ReactNode;
}) {
  return (
    <Link
      className={className}
      to={`/${resource}/${id}`}
      aria-haspopup="dialog"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        openQuickLook({ resource, id });
      }}
    >
      {children}
    </Link>
  );
}
