/** What a field kind gives the screens. One file per kind in views/ (light, in lists and pages) and one in inputs/ (its form control, loaded when a form needs it). */
import type { ComponentType } from 'react';
import type { Comparison, Field, Json, RelationLabel, RelationLabels, Row } from '../../api/contract.ts';

export interface CellProps {
  field: Field;
  value: Json | undefined;
  /** Title of the related record; of several, by id. */
  label?: RelationLabel;
  /** Titles of what the columns of rows name, by column and id. */
  inner?: { [column: string]: { [id: string]: string } };
  /** What the field goes by in its record: the name of the resource that a condition is about. */
  beside?: Json;
  /** On a record's page there is room for all of it; in a list for one line. */
  full?: boolean;
}

/** The value that `beside` is to be. */
export const besideOf = (field: Field, record: Row): Json | undefined =>
  field.kind === 'predicate' && field.of ? record[field.of] : undefined;

export type Operator = keyof Comparison;

export interface FieldKindView {
  Cell: ComponentType<CellProps>;
  /** Numbers stand at the right, so that digits stand under digits. */
  align?: 'right';
  /** Comparisons offered in filters and conditions, the likeliest first. None: the kind cannot be filtered. */
  operators: readonly Operator[];
  /** Starts a column of its own width; text shares what is left. */
  width?: number;
}

export interface InputProps {
  id: string;
  name: string;
  /** The field inside a list, as the server names it: "rules.segment_id". */
  path?: string;
  field: Field;
  value: Json | undefined;
  /** Title of the related record that `value` names; of several, by id. */
  label?: RelationLabel;
  resource: string;
  onChange(value: Json): void;
  /** Called with the title when a related record is chosen. */
  onLabel?(label: RelationLabel, id?: number): void;
  /** Titles of what the rows of a list name, and how to add to them, by "lines.owner_id". */
  labels?: RelationLabels;
  onLabels?(path: string, label: RelationLabel): void;
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string;
  /** Errors below this field, by path inside it (items). */
  errors?: { [path: string]: string };
  /** The record that is being edited, as it will be saved. */
  record?: Row;
  /** Names the control where no label stands beside it. */
  aloud?: string;
}

export const TEXT_OPERATORS = ['like', 'eq', 'ne', 'sw', 'ew', 'null', 'notNull'] as const;
export const NUMBER_OPERATORS = ['gte', 'lte', 'between', 'eq', 'ne', 'gt', 'lt', 'null', 'notNull'] as const;
export const DAY_OPERATORS = ['between', 'gte', 'lte', 'eq', 'null', 'notNull'] as const;
export const CHOICE_OPERATORS = ['in', 'nin', 'null', 'notNull'] as const;
export const LIST_OPERATORS = ['overlaps', 'has', 'null', 'notNull'] as const;
