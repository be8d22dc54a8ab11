import { useEffect, useState } from 'react';
import type { MetaResource, Row } from '../../api/contract.ts';
import { useMoment } from '../form/use-moment.ts';
import { fieldsContext } from '../predicate/context.ts';

type States = typeof import('../form/field-states.ts');
let loaded: States | null = null;

/**
 * Which fields a record has to show: not those that its form hides for these values. The grammar is loaded only where
 * some field has a condition; until it is here, such a field is shown when it holds something.
 */
export function useShown(resource: MetaResource, record: Row): (name: string) => boolean {
  const [states, setStates] = useState(loaded);
  const moment = useMoment();
  const conditional = Object.values(resource.fields).some((field) => field.showWhen);
  useEffect(() => {
    if (!conditional || loaded) return;
    void import('../form/field-states.ts').then((module) => {
      loaded = module;
      setStates(module);
    });
  }, [conditional]);
  if (!conditional) return () => true;
  if (!states) return (name) => !resource.fields[name]?.showWhen || holds(record[name]);
  const context = fieldsContext(resource.name, resource.fields);
  return states.fieldStates(resource.fields, record, { context, moment }).shown;
}

const holds = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
