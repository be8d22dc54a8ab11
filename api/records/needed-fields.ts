/**
 * What a change must know of the record as it is. Of the fields that staff added these are only the ones that it touches
 * or that a condition asks about: dozens of others would cost it more than all the rest.
 */
import type { Predicate, Resource, Row } from '../contract.ts';
import { predicateFields } from '../predicate/fields.ts';
import type { Access } from './access.ts';
import { customNames } from './field-column.ts';

/** @returns names of added fields to read beside all built-in ones; null: every one of them */
export function neededAdded(resource: Resource, access: Access, input: Row): string[] | null {
  // Routines and rules of approval may ask about anything.
  if (resource.guard || resource.approval) return null;
  const asked = askedFields(resource, access);
  return customNames(resource).filter((name) => Object.hasOwn(input, name) || asked.has(name));
}

const kept = new WeakMap<Access, Set<string>>();

function askedFields({ fields, rules = [] }: Resource, access: Access): Set<string> {
  let asked = kept.get(access);
  if (!asked) {
    const conditions = Object.values(fields).flatMap((field) => [
      ...[field.showWhen, field.requiredWhen, field.readonlyWhen],
      field.kind === 'ref' || field.kind === 'refs' ? field.options : undefined,
    ]);
    const all: (Predicate | null | undefined)[] = [...conditions, ...rules.map((rule) => rule.when), access.rows];
    asked = new Set(all.flatMap((each) => (each ? [...predicateFields(each)] : [])));
    // Whether such a field is empty is looked at with every change.
    for (const [name, { showWhen, requiredWhen }] of Object.entries(fields)) {
      if (showWhen || requiredWhen) asked.add(name);
    }
    kept.set(access, asked);
  }
  return asked;
}
