import { Suspense, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type ActionDefinition, actsOn, type MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { later } from '../ui/later.tsx';

const ActionDialog = later(() => import('../detail/action-dialog.tsx'));

/** What may be done with a resource as a whole, as its definition says. The first is the page's own where nothing is created by form. */
export function ResourceActions({ resource, onDone }: { resource: MetaResource; onDone(): void }) {
  const { say } = useLang();
  const [open, setOpen] = useState<[name: string, definition: ActionDefinition] | null>(null);
  const actions = Object.entries(resource.actions ?? {}).filter(([, each]) => actsOn(each, 'resource'));
  const [search, setSearch] = useSearchParams();
  const asked = search.get('do');
  // The palette leads here with the action it was asked for; the address forgets it at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a newly asked action is news.
  useEffect(() => {
    if (!asked) return;
    const found = actions.find(([name]) => name === asked);
    if (found) setOpen(found);
    const rest = new URLSearchParams(search);
    rest.delete('do');
    setSearch(rest, { replace: true });
  }, [asked]);
  return (
    <>
      {actions.map(([name, definition], index) => (
        <Button
          key={name}
          tone={index === 0 && !resource.can.create ? 'primary' : 'default'}
          onPointerEnter={() => void ActionDialog.preload()}
          onClick={() => setOpen([name, definition])}
        >
          {say(definition.label)}
        </Button>
      ))}
      <Suspense>
        {open ? (
          <ActionDialog
            resource={resource}
            record={null}
            name={open[0]}
            action={open[1]}
            onClose={() => setOpen(null)}
            onDone={() => {
              setOpen(null);
              onDone();
            }}
          />
        ) : null}
      </Suspense>
    </>
  );
}
