/** Screens made by hand, beside those generated from the definitions: where they stand in the menu and who may open them. */
import type { Caller } from './context.ts';
import type { Meta } from './contract.ts';

const PAGES: readonly (Meta['pages'][number] & { administrators?: true })[] = [
  { path: '/permissions', label: ['权限设置', 'Permissions'], group: 'system', icon: 'lock', administrators: true },
  { path: '/api-reference', label: ['API 文档', 'API reference'], group: 'system', icon: 'list' },
];

export function pagesFor(caller: Caller): Meta['pages'] {
  return PAGES.filter((page) => !page.administrators || caller.roles.includes('administrator')).map(
    ({ administrators: _, ...page }) => page,
  );
}
