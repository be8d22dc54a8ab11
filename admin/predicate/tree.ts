/** A predicate as the editor holds it: groups of rows with keys, so that a row keeps its focus while others move. */
import type { Comparison, Operand, Predicate } from '../../api/contract.ts';

export type Operator = keyof Comparison;
export interface RowNode {
  key: string;
  field: string;
  operator: Operator;
  value: Comparison[Operator] | null;
}
export interface GroupNode {
  key: string;
  how: 'and' | 'or';
  /** None of it may hold. */
  not: boolean;
  parts: (GroupNode | RowNode)[];
}

export const isGroup = (node: GroupNode | RowNode): node is GroupNode => 'parts' in node;

let next = 0;
export const newKey = (): string => `node-${next++}`;

export function emptyGroup(how: 'and' | 'or' = 'and'): GroupNode {
  return { key: newKey(), how, not: false, parts: [] };
}

/** Every predicate has a tree; the tree of {} is an empty group. */
export function toTree(predicate: Predicate): GroupNode {
  const node = read(predicate);
  return isGroup(node) ? node : { ...emptyGroup(), parts: [node] };
}

function read(predicate: Predicate): GroupNode | RowNode {
  const parts = Object.entries(predicate).flatMap(([key, value]): (GroupNode | RowNode)[] => {
    if (key === 'and' || key === 'or') {
      return [{ ...emptyGroup(key), parts: (value as unknown as Predicate[]).map(read) }];
    }
    if (key === 'not') {
      const inner = read(value as unknown as Predicate);
      if (isGroup(inner) && !inner.not) return [{ ...inner, not: true }];
      return [{ ...emptyGroup(), not: true, parts: [inner] }];
    }
    return Object.entries(value as Comparison).map(
      ([operator, operand]): RowNode => ({
        key: newKey(),
        field: key,
        operator: operator as Operator,
        value: operand as RowNode['value'],
      }),
    );
  });
  const [only] = parts;
  return parts.length === 1 && only ? only : { ...emptyGroup(), parts };
}

/**
 * The plainest predicate that says the same. An unfinished row is kept with a null value: the server refuses it by
 * name, where leaving it out would save another condition than the one on the screen.
 */
export function toPredicate(node: GroupNode | RowNode): Predicate {
  if (!isGroup(node)) return { [node.field]: { [node.operator]: node.value } } as Predicate;
  const parts = node.parts.map(toPredicate);
  const inner = join(node, parts);
  return node.not ? { not: inner } : inner;
}

function join(node: GroupNode, parts: Predicate[]): Predicate {
  const [only] = parts;
  if (parts.length === 0) return {};
  if (parts.length === 1 && only) return only;
  const rows = node.parts.filter((part): part is RowNode => !isGroup(part));
  const distinct = new Set(rows.map((row) => row.field)).size === rows.length;
  if (node.how === 'and' && rows.length === parts.length && distinct) return Object.assign({}, ...parts) as Predicate;
  return node.how === 'and' ? { and: parts } : { or: parts };
}

export function replaceNode(
  group: GroupNode,
  key: string,
  change: (node: GroupNode | RowNode) => GroupNode | RowNode | null,
): GroupNode {
  return {
    ...group,
    parts: group.parts.flatMap((part) => {
      if (part.key === key) return change(part) ?? [];
      return isGroup(part) ? [replaceNode(part, key, change)] : [part];
    }),
  };
}

/** What a value must look like for an operator; null while nothing is chosen. */
export function valueShape(operator: Operator): 'none' | 'one' | 'two' | 'many' {
  if (operator === 'null' || operator === 'notNull') return 'none';
  if (operator === 'between') return 'two';
  return operator === 'in' || operator === 'nin' || operator === 'overlaps' ? 'many' : 'one';
}

/** Keeps what was typed when only the operator changes. */
export function carryValue(value: RowNode['value'], to: Operator): RowNode['value'] {
  const list = Array.isArray(value) ? (value as Operand[]) : value === null || value === true ? [] : [value as Operand];
  switch (valueShape(to)) {
    case 'none':
      return true;
    case 'many':
      return list;
    case 'two':
      return [list[0] ?? null, list[1] ?? null];
    default:
      return (list[0] ?? null) as RowNode['value'];
  }
}
