/** How each page is loaded, so that a link may start loading before it is followed. */
import type { ComponentType } from 'react';

type Page = Promise<{ default: ComponentType }>;

export const pages = {
  list: (): Page => import('./list/list-page.tsx'),
  detail: (): Page => import('./detail/detail-page.tsx'),
  form: (): Page => import('./form/form-page.tsx'),
  imports: (): Page => import('./import/import-page.tsx'),
  home: (): Page => import('./pages/home.tsx'),
  reports: (): Page => import('./pages/reports.tsx'),
  signIn: (): Page => import('./pages/sign-in.tsx'),
  setPassword: (): Page => import('./pages/set-password.tsx'),
  notFound: (): Page => import('./pages/not-found.tsx'),
};

export type PageName = keyof typeof pages;

export function prefetchPage(name: PageName): void {
  void pages[name]().catch(() => undefined);
}

export function pageOf(path: string): PageName {
  const [first, second, third] = path.split('/').filter(Boolean);
  if (!first) return 'home';
  if (first === 'sign-in') return 'signIn';
  if (first === 'set-password') return 'setPassword';
  if (first === 'reports') return 'reports';
  if (!second) return 'list';
  if (second === 'import') return 'imports';
  return second === 'new' || third === 'edit' ? 'form' : 'detail';
}
