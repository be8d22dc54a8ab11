/** Why a value was refused, as parsers give it back: a message key with parameters, without a language yet. */
import { type Field, howGiven } from '../contract.ts';
import type { Params } from '../messages.ts';

/** Not thrown: an import meets thousands. */
export class Fault {
  readonly key: string;
  readonly params: Params;
  /** Faults of the parts of a list, by path under the field: "2.condition". */
  readonly parts: readonly (readonly [path: string, fault: Fault])[];
  constructor(key: string, params: Params = {}, parts: Fault['parts'] = []) {
    this.key = key;
    this.params = params;
    this.parts = parts;
  }
}

/** What a field that must have a value is told when it has none. */
export function requiredFault(field: Pick<Field, 'kind' | 'label'>): Fault {
  return new Fault('required', requiredParams(field));
}

export function requiredParams({ kind, label }: Pick<Field, 'kind' | 'label'>): Params {
  const how = howGiven(kind);
  return how ? { label, how } : { label };
}
