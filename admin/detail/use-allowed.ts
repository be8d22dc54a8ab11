import { useEffect, useState } from 'react';
import type { ActionDefinition, MetaResource, Row } from '../../api/contract.ts';
import { utcToZoned } from '../fields/zoned-time.ts';
import { useMeta } from '../meta/meta.tsx';
import { fieldsContext } from '../predicate/context.ts';

type Grammar = typeof import('../../api/predicate.ts');

/**
 * Whether an action's condition holds for a record. The grammar is loaded only where some action has a condition; until
 * it is here, and where the condition cannot be decided, the action is offered: the server decides again anyway.
 */
export function useAllowed(resource: MetaResource, record: Row): (action: ActionDefinition) => boolean {
  const { settings, user } = useMeta();
  const [grammar, setGrammar] = useState<Grammar | null>(null);
  const conditional = Object.values(resource.actions ?? {}).some((action) => action.allow);
  useEffect(() => {
    if (conditional) void import('../../api/predicate.ts').then(setGrammar);
  }, [conditional]);
  return ({ allow }) => {
    if (!allow || !grammar) return true;
    const now = new Date().toISOString();
    const today = utcToZoned(now, settings.time_zone).slice(0, 10);
    const moment = { now, today, me: user.id, time_zone: settings.time_zone };
    try {
      return grammar.evaluatePredicate(allow, fieldsContext(resource.name, resource.fields), record, moment);
    } catch {
      return true;
    }
  };
}
