/** The pages, each loaded when it is visited, or a moment before. */
import { type Later, later } from './ui/later.tsx';

export const pages = {
  list: later(() => import('./list/list-page.tsx')),
  detail: later(() => import('./detail/detail-page.tsx')),
  form: later(() => import('./form/form-page.tsx')),
  imports: later(() => import('./import/import-page.tsx')),
  trash: later(() => import('./trash/trash-page.tsx')),
  home: later(() => import('./pages/home.tsx')),
  reports: later(() => import('./pages/reports.tsx')),
  apiReference: later(() => import('./api-reference/api-reference-page.tsx')),
  permissions: later(() => import('./permissions/permissions-page.tsx')),
  trial: later(() => import('./trial/trial-page.tsx')),
  backTests: later(() => import('./trial/back-tests-page.tsx')),
  backTest: later(() => import('./trial/back-test-page.tsx')),
  view: later(() => import('./pages/view.tsx')),
  paper: later(() => import('./pages/paper.tsx')),
  signIn: later(() => import('./pages/sign-in.tsx')),
  setPassword: later(() => import('./pages/set-password.tsx')),
  notFound: later(() => import('./pages/not-found.tsx')),
} satisfies { [name: string]: Later<object> };

export type PageName = keyof typeof pages;

export const prefetchPage = (name: PageName): Promise<void> => pages[name].preload();

export function pageOf(path: string): PageName {
  const [first, second, third] = path.split('/').filter(Boolean);
  if (!first) return 'home';
  if (first === 'sign-in') return 'signIn';
  if (first === 'set-password') return 'setPassword';
  if (first === 'reports') return 'reports';
  if (first === 'v') return 'view';
  if (first === 'paper') return 'paper';
  if (first === 'api-reference') return 'apiReference';
  if (first === 'permissions') return 'permissions';
  if (first === 'trial') return 'trial';
  if (first === 'back-tests') return second ? 'backTest' : 'backTests';
  if (!second) return 'list';
  if (second === 'import') return 'imports';
  if (second === 'trash') return 'trash';
  return second === 'new' || third === 'edit' ? 'form' : 'detail';
}
