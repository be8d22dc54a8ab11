import { expect, test } from 'vitest';
import { isIcon } from '../../admin/ui/icon.tsx';
import { loadResources } from '../../api/definitions.ts';

test('every icon that a definition names is drawn', async () => {
  const names = [...(await loadResources()).values()].flatMap(({ name, icon }) =>
    icon ? [[name, icon] as const] : [],
  );
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter(([, icon]) => !isIcon(icon))).toEqual([]);
});
