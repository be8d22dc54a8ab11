/** Conditions built by hand: groups of "field, comparison, value", and under them the sentence they make. */
import './predicate.css';
import { useRef, useState } from 'react';
import type { Predicate, PredicateContext } from '../../api/contract.ts';
import { operatorsOf, printPredicate } from '../../api/predicate.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { ConditionRow } from './condition-row.tsx';
import {
  emptyGroup,
  type GroupNode,
  isGroup,
  newKey,
  type Operator,
  type RowNode,
  replaceNode,
  toPredicate,
  toTree,
} from './tree.ts';

interface Props {
  id: string;
  context: PredicateContext;
  value: Predicate;
  disabled?: boolean;
  describedBy?: string;
  errors?: { [path: string]: string };
  onChange(value: Predicate): void;
}

export function PredicateEditor({ id, context, value, disabled, describedBy, onChange }: Props) {
  const { lang, t } = useLang();
  const [tree, setTree] = useState(() => toTree(value));
  const said = useRef(JSON.stringify(value));
  // Somebody else's value (a merge, a reset) replaces the tree; the echo of our own does not.
  if (JSON.stringify(value) !== said.current) {
    said.current = JSON.stringify(value);
    setTree(toTree(value));
  }
  const set = (next: GroupNode) => {
    setTree(next);
    const predicate = toPredicate(next);
    said.current = JSON.stringify(predicate);
    onChange(predicate);
  };
  return (
    <div className="predicate" id={id} aria-describedby={describedBy}>
      <Group group={tree} root={tree} context={context} disabled={disabled} onRoot={set} />
      <p className="predicate-sentence" aria-live="polite">
        <span className="muted">{t('predicate.means')}</span> {printPredicate(toPredicate(tree), context, lang)}
      </p>
    </div>
  );
}

function Group({
  group,
  root,
  context,
  disabled,
  depth = 0,
  onRoot,
}: {
  group: GroupNode;
  root: GroupNode;
  context: PredicateContext;
  disabled?: boolean;
  depth?: number;
  onRoot(root: GroupNode): void;
}) {
  const { t } = useLang();
  const change = (next: GroupNode) => onRoot(group.key === root.key ? next : replaceNode(root, group.key, () => next));
  const set = (key: string, node: GroupNode | RowNode | null) => onRoot(replaceNode(root, key, () => node));
  const add = (node: GroupNode | RowNode) => change({ ...group, parts: [...group.parts, node] });
  return (
    <fieldset className={`predicate-group${group.not ? ' predicate-not' : ''}`} disabled={disabled}>
      <legend className="visually-hidden">{t(group.how === 'and' ? 'predicate.all' : 'predicate.any')}</legend>
      <div className="predicate-head">
        <select
          className="select"
          aria-label={t('predicate.how')}
          value={`${group.not ? 'not_' : ''}${group.how}`}
          onChange={(event) =>
            change({
              ...group,
              not: event.target.value.startsWith('not_'),
              how: event.target.value.endsWith('or') ? 'or' : 'and',
            })
          }
        >
          <option value="and">{t('predicate.all')}</option>
          <option value="or">{t('predicate.any')}</option>
          <option value="not_or">{t('predicate.none')}</option>
          <option value="not_and">{t('predicate.not_all')}</option>
        </select>
        {depth > 0 ? (
          <Button
            tone="quiet"
            small
            icon="delete"
            aria-label={t('predicate.remove_group')}
            onClick={() => set(group.key, null)}
          />
        ) : null}
      </div>
      <ul>
        {group.parts.map((part) => (
          <li key={part.key}>
            {isGroup(part) ? (
              <Group group={part} root={root} context={context} disabled={disabled} depth={depth + 1} onRoot={onRoot} />
            ) : (
              <ConditionRow
                row={part}
                context={context}
                disabled={disabled}
                onChange={(next) => set(part.key, next)}
                onRemove={() => set(part.key, null)}
              />
            )}
          </li>
        ))}
      </ul>
      {group.parts.length === 0 ? <p className="muted predicate-empty">{t('predicate.empty')}</p> : null}
      <div className="predicate-add">
        <Button tone="quiet" small icon="add" disabled={disabled} onClick={() => add(firstRow(context))}>
          {t('predicate.add')}
        </Button>
        {depth < 4 ? (
          <Button
            tone="quiet"
            small
            icon="layers"
            disabled={disabled}
            onClick={() => add({ ...emptyGroup(group.how === 'and' ? 'or' : 'and'), parts: [firstRow(context)] })}
          >
            {t('predicate.add_group')}
          </Button>
        ) : null}
      </div>
    </fieldset>
  );
}

function firstRow(context: PredicateContext): RowNode {
  const [field, definition] = Object.entries(context.fields)[0] ?? ['', undefined];
  const operator = (definition ? operatorsOf(definition.type)[0] : 'eq') as Operator;
  return { key: newKey(), field, operator, value: null };
}
