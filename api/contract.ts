/**
 * Everything that crosses HTTP, as types. Imports nothing; the API, the admin and the reports all read it.
 *
 * Wire types: money and other decimals are strings ("12.50"), counts and points are numbers within 2^53-1,
 * dates are "YYYY-MM-DD", times are RFC 3339 in UTC ("2026-03-01T08:00:00.000Z"). One spelling from table to chart: snake_case.
 */

export type Lang = 'zh' | 'en';
/** A text people see: Chinese first, English second. */
export type Pair = readonly [zh: string, en: string];
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** What a record refers to, in words, as `$labels` of a row: one record by its title, several (also those of a column of rows, "lines.owner_id") by id. Who may not be seen is absent. */
export type RelationLabel = string | { [id: string]: string };
export type RelationLabels = { [field: string]: RelationLabel };
/** A row as it travels. Every record has `id`. */
export type Row = { [field: string]: Json };

/* ------------------------------------------------------------------ predicates */

/**
 * A value in a predicate: a literal, or
 * "$now" "$now-7d" "$now+2h" (time), "$today" "$today-30d" (date), "$me" (the caller's user id),
 * {"$field": "other_field"}, {"$text": "literal that starts with a dollar sign"}.
 * Units after $now: m h d w; after $today: d w.
 */
export type Operand = string | number | boolean | null | { $field: string } | { $text: string };

/**
 * Comparisons of one field; several in one object are joined by AND. Two-valued: a comparison with null is false
 * (only `null` and `notNull` see nulls; to them an empty list is one) and `not x` means "x is not true". So `ne` and
 * `nin` are false for null.
 * Text compares by code point; `like` family ignores case and takes the text literally (no wildcards).
 * `has` asks for one element of a list field, `overlaps` for any of several.
 */
export interface Comparison {
  eq?: Operand;
  ne?: Operand;
  gt?: Operand;
  gte?: Operand;
  lt?: Operand;
  lte?: Operand;
  in?: Operand[];
  nin?: Operand[];
  between?: [Operand, Operand];
  like?: string;
  nlike?: string;
  sw?: string;
  ew?: string;
  null?: true;
  notNull?: true;
  has?: Operand;
  overlaps?: Operand[];
}

/** {} is true for every row. Keys of a plain object are fields, joined by AND, beside `and`, `or`, `not`. */
export type Predicate =
  | { and: Predicate[] }
  | { or: Predicate[] }
  | { not: Predicate }
  | { [field: string]: Comparison };

/** The value types a predicate context can give a field. `list` holds texts, `ids` the ids of related records. */
export type ValueType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'time' | 'list' | 'ids';

/** A named context: the fields a predicate may use there, with their types. Supplied by a resource, a view or a report. */
export interface PredicateContext {
  name: string;
  /** Fields that staff added to this resource may be asked about too. */
  custom_of?: string;
  fields: { [field: string]: PredicateField };
}
export interface PredicateField {
  type: ValueType;
  label: Pair;
  /** Choice fields: code -> label, so that printing says the label. */
  choices?: { [code: string]: Pair };
  /** Said after numbers when printing: ['天', 'days']. */
  unit?: Pair;
  /** In the console: related records are chosen by name, from GET /api/<resource>/_options/<field>; people may be "$me". */
  relation?: { resource: string; field: string; people: boolean };
}

/* ------------------------------------------------------------------ definitions */

export const ROLES = [
  'administrator',
  'operator',
  'reviewer',
  'customer_service',
  'manager',
  'analyst',
  'viewer',
] as const;
export type Role = (typeof ROLES)[number];

export type Choices = { [code: string]: Pair };

interface FieldBase {
  label: Pair;
  help?: Pair;
  /** Must have a value when saved. */
  required?: boolean;
  /** Takes part in the quick search `q`: its text; of a relation to one record, what that record is searched by. */
  search?: boolean;
  /** Set by the server only; a write that names it is refused. */
  readonly?: boolean;
  /** Can be given when creating, never changed afterwards. */
  frozen?: boolean;
  unique?: boolean;
  /** Personal data: masked unless the user has the `pii` permission; then also not filterable, sortable or searchable. */
  pii?: 'phone' | 'email' | 'text';
  /** Roles that may read / write the field; all roles of the resource when absent. Administrators always may. */
  access?: { read?: readonly Role[]; write?: readonly Role[] };
  default?: Json;
  /** The list shows its sum over all rows; numbers and money whose sum means something. */
  sum?: boolean;
  /** Shown in the form only while the predicate over the form's values holds; `whenHidden` says what becomes of its value. */
  showWhen?: Predicate;
  whenHidden?: 'keep' | 'clear';
  /** While it holds over the values to be saved, the field stays as it is, or as it is by default in a new record. */
  readonlyWhen?: Predicate;
  /** Must have a value while it holds. Conditions of a field inside a list see their own row, and behind it the record. */
  requiredWhen?: Predicate;
  /** Taken for itself when an import's header says one of these. */
  aliases?: readonly string[];
  /** Staff added it on a screen: its value stands in the extras of the record. */
  custom?: true;
  /** Left out there unless it is asked for by name. No permission: who may read the field can ask. */
  left_out?: readonly ('form' | 'filter' | 'export')[];
}
export type Field = FieldBase &
  /**
   * `format: 'regexp'`: the text is a pattern itself, one that no text can make slow. `'webhook'`: an address that JSON can be
   * posted to, as far as it can be seen without asking for its name. `'host'`: a name or number of a machine alone.
   */
  (
    | { kind: 'text' | 'longtext'; max?: number; pattern?: string; format?: 'regexp' | 'webhook' | 'host' }
    | { kind: 'email' | 'phone' | 'color' }
    | { kind: 'password' }
    /** `plain`: it names something (a port, a line of a file), so it is shown digit after digit, without separators. */
    | { kind: 'integer'; min?: number; max?: number; plain?: true }
    | { kind: 'points'; min?: number; max?: number }
    | { kind: 'decimal'; scale: number; min?: string; max?: string }
    | { kind: 'money'; min?: string; max?: string }
    /** A rate is stored 0..1 and shown as a percentage. */
    | { kind: 'rate' }
    | { kind: 'boolean' | 'datetime' }
    /** `dayOf` a time field: its programme day, kept by the server. */
    | { kind: 'date'; dayOf?: string }
    /** `choices_from`: filled with the resources or the jobs and their labels when the definitions are read. */
    | { kind: 'choice'; choices: Choices; choices_from?: 'resources' | 'jobs' }
    | { kind: 'choices'; choices: Choices }
    | { kind: 'tags' }
    /** `options`: a condition on the related record; {"$field": …} in it reads the record that is being edited. */
    | { kind: 'ref'; to: string; options?: Predicate }
    /** An ordered list of related records, in a bigint[] column. A record that is named cannot be deleted. */
    | { kind: 'refs'; to: string; max?: number; options?: Predicate }
    /** An ordered list of small records in one jsonb column. */
    /** `flow`: the items are steps that lead to each other by `code` (next_step, yes_step, no_step; "end" ends): drawn as a picture. */
    | { kind: 'items'; fields: { [name: string]: Field }; max?: number; flow?: true }
    /**
     * A child table edited with its record: the rows of `table` whose column `by` names the record, in the order of their
     * column `position`. They travel as a list of objects with `id`; a save compares them by it. Rights and version are
     * the record's.
     */
    | {
        kind: 'rows';
        table: string;
        by: string;
        fields: { [name: string]: Field };
        max?: number;
        /** Columns with a fixed value, where several fields share a table. */
        fixed?: { [column: string]: string | number | boolean };
        sums?: readonly RowSum[];
      }
    /** A condition, in one jsonb column: over a named predicate context, or over the fields of the resource that the field `of` names. */
    | { kind: 'predicate'; context?: string; of?: string }
    /** A FormLayout for the resource that the field `of` names, in one jsonb column. */
    | { kind: 'layout'; of: string }
    /** Shown, never edited. */
    | { kind: 'json'; readonly: true }
  );
export type FieldKind = Field['kind'];

/** What the values of one column of rows must add up to, exactly. No rows at all are no mistake. */
export interface RowSum {
  field: string;
  /** A number, or a field of the record; nothing is compared while that is empty. */
  equals: string | { $field: string };
  /** The form can spread the amount over the rows in the proportion of this column; of their own values when absent. */
  weights?: string;
}

/** Letters: c create, r read, u update, d delete, i import, x export. Default deny; administrators hold them all. */
export type Grants = { [role in Role]?: string };

export interface Section {
  name: string;
  label: Pair;
  /** A nested list is one line of the form. */
  fields: readonly (string | readonly string[])[];
}

/** How staff laid out a form. What it does not name stays as the definition has it. */
export interface FormLayout {
  /** The sections are tabs. */
  tabs?: boolean;
  sections?: readonly Section[];
  fields?: {
    [name: string]: {
      label?: Pair;
      required?: true;
      /** Shown, not changed. The server refuses to. */
      readonly?: true;
      /** Not in the form. No permission: lists and other programs have the field all the same. */
      hidden?: true;
      default?: Json;
    };
  };
}

/** A cross-field rule: the predicate must hold when the record is saved; the error goes to `field`. */
export interface RecordRule {
  name: string;
  when: Predicate;
  field: string;
  message: Pair;
}

export interface Scope {
  label: Pair;
  where: Predicate;
  /** The home page shows how many there are, in this tone, while there are any. */
  home?: 'info' | 'warning' | 'bad';
}

/** Changes that wait until somebody else agrees, as staff say on a screen. */
export interface ApprovalRule {
  /** Of the record of approval_rules. */
  id: number;
  name: Pair;
  /** Asks when it holds before or after the change. */
  when: Predicate;
  on: readonly ('create' | 'update' | 'delete' | 'action')[];
  /** Any of these roles may agree, administrators always; never who made the change. */
  by: readonly Role[];
}

/** How a row of a list is meant to be taken; its label says it in words, beside the colour. */
export interface Tone {
  label: Pair;
  tone: 'good' | 'info' | 'warning' | 'bad' | 'quiet';
  where: Predicate;
}

/** The ways to look at a list that its fields alone do not tell. Table and cards are always there. */
export interface Layouts {
  /** Looked at this way first; a table when absent. */
  first?: Layout;
  /** Fields on a card, under its title; the first columns when absent. */
  card?: readonly string[];
  /** A choice field, with a column of the board for each of its choices; any of the columns when absent. */
  kanban?: { by: string };
  /**
   * Date fields; the first of the columns when absent. `repeat` is a choice of day, week, month, quarter, year (null: once);
   * beside it stand <repeat>_interval, <repeat>_weekdays and <repeat>_until, as in recurrence.ts.
   */
  calendar?: { from: string; to?: string; repeat?: string };
  /** A relation to the same resource; the first when absent. */
  tree?: { parent: string };
}

export type ActionScope = 'record' | 'resource' | 'bulk';
export const actsOn = (action: ActionDefinition, scope: ActionScope): boolean => [action.scope].flat().includes(scope);

/** How people give a field its value: nothing for what is typed. What is missing is asked for in these words. */
export function howGiven(kind: FieldKind): 'choose' | 'date' | 'time' | 'add' | undefined {
  if (kind === 'date') return 'date';
  if (kind === 'datetime') return 'time';
  if (kind === 'items' || kind === 'rows') return 'add';
  return ['choice', 'choices', 'ref', 'refs', 'color', 'boolean'].includes(kind) ? 'choose' : undefined;
}

export interface ActionDefinition {
  label: Pair;
  /** Function `ops.<procedure>(record_id bigint, user_id bigint, input jsonb) returns jsonb`. */
  procedure?: string;
  /** Instead of a procedure, for what SQL alone cannot do: the name of a file in api/actions. */
  handler?: string;
  /** `bulk`: offered for the records chosen in a list; it runs for each of them, for all or for none. */
  scope: ActionScope | readonly ('record' | 'bulk')[];
  roles: readonly Role[];
  /** The action is offered only for records that satisfy it. */
  allow?: Predicate;
  confirm?: Pair;
  input?: { [name: string]: Field };
  /** What the action makes of a field; a board offers it for moving a card there. */
  leads_to?: { [field: string]: string };
  /** It belongs to a screen of its own, which sends it: no record, list or permission offers it. */
  hidden?: true;
  /** To the rules of approval it is an edit of its record, too. */
  edits?: true;
  /** What it would do can be asked before: POST …/_actions/<name>/_preview, answered by `preview` of its handler. */
  preview?: true;
  /** What it changes is gone for good: the history names the fields and keeps none of their values. */
  erases?: true;
}

/** What an action would come to: a table of how things are and would be, and what else there is to know. In one language. */
export interface ActionPreview {
  columns: string[];
  rows: { label: string; values: string[] }[];
  notes: string[];
}

export interface Resource {
  /** URL segment: /api/<name>. */
  name: string;
  label: Pair;
  /** What one record is called, where that differs from the label: "New tier", not "New tiers". */
  one?: Pair;
  group: string;
  /** Place in its group of the menu, small first; 100 when absent, then by name. */
  order?: number;
  icon?: string;
  /** What is written, as `app.<table>`. */
  table: string;
  /** What is read when it is more than the table: `base.<view>`; it must give `id` and every field. */
  view?: string;
  /** The field(s) that name a record: one, or [zh, en]. */
  title: string | readonly [zh: string, en: string];
  fields: { [name: string]: Field };
  rules?: readonly RecordRule[];
  access: Grants;
  /** The letters that make sense here at all, for administrators too: facts come in by import, settings are one record. All when absent. */
  offers?: string;
  /**
   * Function `ops.<guard>(record_id bigint, user_id bigint, before jsonb, after jsonb) returns void`, called in the
   * transaction of every create, update and delete (before or after is null then); it raises what must not be.
   */
  guard?: string;
  /** Row conditions per role; a role that is absent sees every row it may read. */
  rows?: { [role in Role]?: Predicate };
  list: {
    columns: readonly string[];
    /** "-placed_at" is descending. */
    sort: string;
    scopes?: { [name: string]: Scope };
    /** What the list holds while no scope is chosen, where that is not every record. */
    where?: Predicate;
    /** The first that holds is the row's. */
    tones?: { [name: string]: Tone };
    layouts?: Layouts;
  };
  form?: readonly Section[];
  /** The sections of the form are tabs. */
  form_tabs?: true;
  /** Laid out by staff: by role, for everybody else under ''. The first of a person's roles that has one counts. */
  layouts?: { [role: string]: FormLayout };
  actions?: { [name: string]: ActionDefinition };
  /**
   * One of them, done with each new record that it allows, in the transaction that makes it. A secret that it answers is told once, as
   * `$secret` of the answer to the POST.
   */
  on_create?: string;
  /** Child lists shown on the detail page: resources whose ref field points here. */
  children?: readonly { resource: string; field: string }[];
  /** The detail page in tabs: of each the children it shows, by resource; `$fields` the record itself, `$timeline` its course. One column when absent. */
  tabs?: readonly { name: string; label: Pair; shows: readonly string[] }[];
  /** Its rows are sums of others: they are listed and exported, none has a page of its own. */
  rows_only?: true;
  /** What matters most stands at the head of the detail page: GET /api/<name>/:id/_head, answered by api/heads/<name>.ts. */
  head?: boolean;
  /** What happened with the record, by these kinds: GET /api/<name>/:id/_timeline, answered by api/timelines/<name>.ts. */
  timeline?: { kinds: Choices };
  /** Import: the columns of a file row where they differ from the fields (orders: one row is one line). */
  import?: {
    fields?: { [name: string]: Field };
    /** Natural key for upsert. */
    key: readonly string[];
    /** The field by which a record says which other it has become: rows that name it are of that one. */
    follow?: string;
    /** Routine `ops.<refuse>(import_id bigint) returns setof bigint`: rows that must not be written. Its name is the message. */
    refuse?: string;
    /** Values for the whole file, chosen beside the mapping (`constants`). */
    options?: { [name: string]: Field };
    /** Routine `ops.<procedure>(import_id bigint)` that applies staged rows set-based; generic insert/upsert when absent. */
    procedure?: string;
    /** The table the rows are copied into for it, with a column per import field; `app.import_rows` when absent. */
    staging?: string;
    /** What the routine counts beside the rows of the file, in the order in which it is shown; nought is not. */
    counts?: { [name: string]: Pair };
  };
  /** Laid by staff: changes that any of these asks about wait for the consent of somebody else. */
  approval?: readonly ApprovalRule[];
  /** A record proposes a change of another: GET /api/<name>/:id/_diff tells it field by field. */
  diff?: boolean;
  /** The form shows what saving or publishing the values would do: POST /api/<name>/_impact, answered by api/impacts/<name>.ts. A pair: what it is called there, where it shows rather than weighs. */
  impact?: boolean | Pair;
  /** The engine can try it out, by a made-up fact and over the history: what is saved to switch it on, and off. */
  tried?: { on: Row; off: Row };
  /** Shown on its own page; hidden from the menu. */
  hidden?: boolean;
  /** False: for people at a screen only, never for programs with a token. */
  by_token?: boolean;
}

/** Who moves and what it costs, before it happens. */
export interface Impact {
  /** Sentences, most important first; `tone` colours the line. */
  lines: { text: Pair; tone: 'info' | 'good' | 'warning' | 'bad' }[];
  tables: {
    title: Pair;
    columns: { name: string; label: Pair; unit?: 'count' | 'money' | 'rate' | 'text' }[];
    rows: { [column: string]: Json | Pair }[];
  }[];
  /** How it will look: a whole HTML document in each language, to be shown in a frame without scripts. */
  page?: { [lang in Lang]: string };
  took_ms: number;
}

/** GET /api/<resource>/:id/_head. What the reader may not see is not in it. */
export interface Head {
  cards: HeadCard[];
}
export interface HeadCard {
  name: string;
  label: Pair;
  /** What it comes to, in large. */
  main: HeadValue;
  /** "#rrggbb", beside it. */
  color?: string;
  facts: HeadValue[];
  /** How far it is to something. */
  goals?: HeadGoal[];
}
/** A value as its field shows it; a text where it is none of a field. */
export type HeadValue =
  | { label: Pair; text: Pair }
  /** `also`: said after it, as points are with the day on which they expire. */
  | { label: Pair; field: Field; value: Json; also?: { field: Field; value: Json } };
export interface HeadGoal {
  title: Pair;
  reached: boolean;
  /** Any of the meters is enough. */
  any: boolean;
  note?: Pair;
  meters: { label: Pair; field: Field; value: Json; target: Json; missing: Json; met: boolean; share: number }[];
}

/** GET /api/<resource>/:id/_timeline?kinds=a,b&before=<next>. The latest first. */
export interface Timeline {
  entries: TimelineEntry[];
  /** Asks for what came before; null: that was all. */
  next: string | null;
}
export interface TimelineEntry {
  id: string;
  kind: string;
  at: string;
  text: Pair;
  tone: 'good' | 'info' | 'warning' | 'bad' | 'quiet';
  /** Why: one sentence each. */
  reasons: Pair[];
  /** The record it is told of. */
  of?: { resource: string; id: number };
  by?: string;
}

/* ------------------------------------------------------------------ lists as people like them */

export type Layout = 'table' | 'cards' | 'kanban' | 'calendar' | 'tree';
/** How a list is looked at. Everything is optional: what is absent is as the definition says. */
export interface ListSettings {
  q?: string;
  scope?: string;
  where?: Predicate;
  /** "-placed_at,name" */
  sort?: string;
  columns?: string[];
  /** Pixels. */
  widths?: { [field: string]: number };
  /** How many of the first columns stay in sight. */
  pinned?: number;
  density?: 'comfortable' | 'compact';
  size?: number;
  layout?: Layout;
  /** The field a kanban board or a calendar goes by. */
  by?: string;
  /** The list reads itself again after so many seconds; 0 never. */
  refresh_s?: number;
  /** Code of the view a person sees first. */
  view?: string;
}
/** Each person's habits, by resource. */
export interface Preferences {
  [resource: string]: ListSettings;
}
/** A named view, as one reader may use it. */
export interface SavedView {
  id: number;
  version: number;
  /** /v/<code> leads to it. */
  code: string;
  resource: string;
  name: string;
  owner: string;
  mine: boolean;
  visibility: 'private' | 'roles' | 'everyone';
  roles: Role[];
  /** Roles that see it first when they open the list. */
  default_roles: Role[];
  can_edit: boolean;
  settings: ListSettings;
  /** Columns and conditions left out: they are gone from the definition, or not for this reader. */
  dropped: { columns: number; conditions: number };
}

/* ------------------------------------------------------------------ GET /api/_meta */

export interface MetaField {
  read: boolean;
  write: boolean;
  masked: boolean;
}
/** A resource as one user sees it: unreadable fields are absent. */
export interface MetaResource
  extends Omit<Resource, 'table' | 'view' | 'access' | 'offers' | 'guard' | 'rows' | 'by_token' | 'layouts'> {
  /** Its records are those who sign in: a relation to it can be compared with "$me". */
  people?: true;
  can: { list: boolean; create: boolean; edit: boolean; delete: boolean; import: boolean; export: boolean };
  field_access: { [name: string]: MetaField };
  /** What a layout of staff's was laid over, where there is one. */
  before_layout?: Pick<Resource, 'fields' | 'form' | 'form_tabs'> & { field_access: { [name: string]: MetaField } };
}
export interface MetaUser {
  id: number;
  name: string;
  email: string;
  roles: Role[];
  pii: boolean;
  lang: Lang;
}
export interface Meta {
  build: string;
  user: MetaUser;
  settings: { time_zone: string; currency: string; programme_name: Pair };
  groups: { name: string; label: Pair }[];
  /** Screens made by hand that this person may open. */
  pages: { path: string; label: Pair; group: string; icon: string }[];
  resources: MetaResource[];
  /** Contexts for predicate editors, by name. */
  contexts: PredicateContext[];
  /** Views of lists that this person may use, by name. */
  views: SavedView[];
  preferences: Preferences;
}

/* ------------------------------------------------------------------ GET /api/_permissions */

/** What a role may do with a resource, as the code says or as staff changed it. */
export interface RoleGrant {
  letters: string;
  /** Null: every row. */
  rows: Predicate | null;
  /** Fields the role may not read, or not write, although it may see or change the records. */
  unread: string[];
  unwritten: string[];
  actions: string[];
}
/** A change of a role and resource. What is absent or null is as in the code. */
export interface PermissionChange {
  letters: string | null;
  rows: { mode: 'default' | 'all' } | { mode: 'where'; where: Predicate };
  fields: { [field: string]: { read?: boolean; write?: boolean } };
  actions: { [action: string]: boolean };
}
export interface PermissionCell {
  role: string;
  resource: string;
  by_default: RoleGrant;
  now: RoleGrant;
  /** Null: nothing was changed. `id` names the record of role_permissions, for its history. */
  changed:
    | ({ id: number; version: number; by: string | null; at: string; reason: string | null } & PermissionChange)
    | null;
}
export interface PermissionMatrix {
  roles: { code: string; label: Pair; base_role: string | null; people: number }[];
  groups: { name: string; label: Pair }[];
  resources: {
    name: string;
    label: Pair;
    group: string;
    icon?: string;
    /** The letters that make sense here at all. */
    offers: string;
    fields: { [name: string]: { label: Pair; readonly: boolean; pii: boolean } };
    actions: { [name: string]: Pair };
    /** For conditions on rows. */
    context: PredicateContext;
  }[];
  /** One per role and resource that the role has anything to do with; absent cells grant nothing. */
  cells: PermissionCell[];
}
/** Why somebody may or may not do something: GET /api/_permissions/why?user=&resource= */
export interface PermissionReason {
  what: Pair;
  allowed: boolean;
  because: Pair;
}
export interface PermissionWhy {
  letters: ({ letter: string } & PermissionReason)[];
  rows: { where: Predicate | null; because: Pair };
  fields: { name: string; label: Pair; read: PermissionReason; write: PermissionReason; masked: boolean }[];
  actions: ({ name: string } & PermissionReason)[];
}

/* ------------------------------------------------------------------ errors */

export interface FieldError {
  key: string;
  message: string;
  params?: { [name: string]: Json };
}
/** The body of every 4xx and 5xx answer. `message` and the field messages are in the caller's language. */
export interface ApiError {
  key: string;
  message: string;
  params?: { [name: string]: Json };
  errors?: { [field: string]: FieldError };
  /** 412: the record as it is now, with its version. */
  record?: Row;
  /** Changes of many records: the first hundred that cannot be made. The key "" holds what is wrong with a whole record. */
  rows?: { id: number; title: string; errors: { [field: string]: FieldError } }[];
  request_id?: string;
}

/* ------------------------------------------------------------------ history */

export interface HistoryEntry {
  id: number;
  at: string;
  actor: string;
  action: 'create' | 'update' | 'delete' | 'restore' | 'import' | 'action';
  reason: string | null;
  /** Only fields that changed and that the reader may see; `redacted` names the others. */
  changes: { [field: string]: { before: Json; after: Json } };
  redacted: string[];
  /** The change of many records that it was part of. */
  bulk_id: number | null;
  /** How many records that were; whether all of it can still be taken back at once, was, or never could. */
  bulk?: { records: number; undo: 'possible' | 'done' | 'none' };
}

/* ------------------------------------------------------------------ changes that wait */

/**
 * POST /api/:resource/_propose -> 202 with the change request. Saving directly what needs consent answers the same way.
 */
export interface ProposeRequest {
  /** Absent: a new record. */
  id?: number;
  values?: Row;
  delete?: boolean;
  /** RFC 3339; at once when approved, where absent. */
  effective_at?: string;
  note?: string;
  /** Kept as a draft that only its author moves on. */
  draft?: boolean;
}
/** GET /api/change_requests/:id/_diff. Fields that the reader may not see are only named. */
export interface ChangeDiff {
  resource: string;
  record_id: number | null;
  action: 'create' | 'update' | 'delete' | 'restore' | 'action';
  /** What the action is called and what it is given, where it is one. */
  label?: Pair;
  input?: { label: Pair; value: Pair }[];
  changes: { [field: string]: { before: Json; after: Json } };
  redacted: string[];
  /** Fields that somebody changed since it was proposed: it cannot be applied any more. */
  overtaken: string[];
  /** The rules that ask for consent, and who gave it. */
  consents: { name: Pair; roles: Pair[]; agreed: string | null }[];
}

/* ------------------------------------------------------------------ many records at once */

/** POST /api/:resource/_bulk. Fields that are in neither `set` nor `clear` stay as they are. */
export interface BulkRequest {
  ids?: number[];
  /** Instead of ids: the query string of a list without its page, and how many records it was seen to have. */
  filter?: string;
  expected?: number;
  set?: Row;
  clear?: string[];
  delete?: boolean;
  /** Looks at everything and writes nothing. */
  dry_run?: boolean;
  reason?: string;
}
export interface BulkAnswer {
  /** Names the change, so that it can be undone: POST /api/:resource/_bulk/:id/_undo. Null where nothing changed. */
  bulk_id: number | null;
  matched: number;
  changed: number;
  unchanged: number;
  /** Not saved: as many change requests were made, or would be. */
  proposed?: number;
  /** Of a dry run: how many cannot be changed, and the first hundred of them. Anything else is refused with them. */
  wrong?: number;
  rows?: ApiError['rows'];
  /** Of a dry run that would delete: what refers to the records. */
  preview?: DeletePreview[];
}
/** POST /api/:resource/_bulk_actions/:name -> BulkAnswer */
export interface BulkActionRequest extends Pick<BulkRequest, 'ids' | 'filter' | 'expected' | 'dry_run'> {
  input?: Row;
}
/** GET /api/:resource/:id/_delete_preview: what refers to the record. */
export interface DeletePreview {
  /** What keeps it from being deleted, what goes with it, what stays and forgets it. */
  effect: 'blocks' | 'deleted' | 'cleared';
  label: Pair;
  /** Null: the caller may not see how many. Counting stops at 1,001. */
  count: number | null;
  /** The list that shows them, where there is one. */
  resource?: string;
  field?: string;
}
/**
 * GET /api/:resource/_trash[?record_id=5&before=1234]: deleted records that can be brought back, latest first, up to 100.
 * Where there are earlier ones the header `X-Next-Before` says what to give as `before`.
 */
export interface TrashEntry {
  /** Named when restoring: POST /api/:resource/_trash/:entry/_restore. */
  entry: number;
  id: number;
  title: string;
  deleted_at: string;
  actor: string;
  reason: string | null;
  record: Row;
}

/* ------------------------------------------------------------------ options of a relation */

export interface Option {
  id: number;
  label: string;
}

/* ------------------------------------------------------------------ facets of a list */

/** GET /api/:resource/_facets?fields=a,b: how often each value occurs among the rows that the other filters leave. */
export interface Facet {
  /** The most frequent first, at most 50; null counts the rows without a value. `label` names a related record. */
  values: { value: Json; count: number; label?: string | null }[];
  /** True when there are more values than these. */
  cut: boolean;
  /** gte: counting stopped, each count is at least that. */
  relation: 'eq' | 'gte';
}
export interface Facets {
  [field: string]: Facet;
}

/* ------------------------------------------------------------------ imports */

export type ImportMode = 'insert' | 'upsert' | 'update';
/** How the bytes become rows; found out at upload, changeable when found out wrong. */
export interface ImportFormat {
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
  /** `whitespace`: columns stand apart by any number of spaces. */
  delimiter: ',' | ';' | '\t' | '|' | 'whitespace';
  /** False: the first row is data, and the headers are "1", "2", … */
  header: boolean;
  /** Workbooks: the sheet that is read, and all there are. Encoding and delimiter mean nothing then. */
  sheet?: string;
  sheets?: string[];
}
/** Done to a cell before it is read, in the order given. `date`: the order of day and month in the file. */
export type ImportTransform =
  | { strip_prefix: string }
  | { strip_suffix: string }
  | { date: 'dmy' | 'mdy' }
  | { decimal: 'comma' }
  | { values: { [cell: string]: string } };
export interface ImportKind {
  when: Predicate;
  then: 'row' | 'return' | 'skip';
  /** Why; shown beside the number of rows. */
  label?: string | Pair;
}
export interface ImportMapping {
  /** Field -> header of the file. */
  columns: { [field: string]: string };
  format?: ImportFormat;
  transforms?: { [field: string]: ImportTransform[] };
  /** Zone in which times without an offset are read, e.g. "Europe/London"; the programme's when absent. */
  time_zone?: string;
  /** First match wins; a row that matches none is 'row'. Predicates are over the file's headers (all text, but numeric where both sides are numbers). */
  kinds?: ImportKind[];
  /** Constant values for fields without a column, and the resource's import options. */
  constants?: { [field: string]: Json };
  /** What an empty cell does to a value that is there already; `keep` when absent. */
  empty?: 'keep' | 'clear';
}
export interface ImportPreset {
  /** Null: shipped with the product, cannot be deleted. */
  id: number | null;
  resource: string;
  name: string | Pair;
  mapping: ImportMapping;
}
export interface ImportError {
  row: number;
  column: string;
  key: string;
  message: string;
  value: string;
}
/** A record that a check would change or a run has changed. */
export interface ImportChange {
  row: number;
  /** What the file calls the record. */
  key: string;
  action: 'create' | 'update';
  changes: { [field: string]: { before: Json; after: Json } };
}
export type ImportState = 'uploaded' | 'checking' | 'checked' | 'running' | 'done' | 'failed' | 'cancelled';
export interface ImportStatus {
  id: number;
  resource: string;
  file_name: string;
  state: ImportState;
  headers: string[];
  sample: string[][];
  format: ImportFormat;
  mapping: ImportMapping | null;
  mode: ImportMode;
  rows_read: number;
  rows_total: number | null;
  /** Rows of the file, as the next four: together they are all that were read. */
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  wrong: number;
  /** Rows left out, by the label of the rule that said so. */
  skipped_by: { label: string | Pair; rows: number }[];
  /** What the resource counts beside rows: orders, lines, returns, … */
  counts: { [name: string]: number };
  /** The first 1,000. */
  errors: ImportError[];
  errors_cut: boolean;
  /** The first records that change. */
  preview: ImportChange[];
  message: string | null;
  created_at: string;
}

/* ------------------------------------------------------------------ reports */

export type ParamKind = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'daterange' | 'enum';
export interface ReportParam {
  type: ParamKind;
  label?: Pair;
  default?: Json;
  values?: string[];
  labels?: { [value: string]: Pair };
  many?: boolean;
  /** A select over schema `report` giving (code, label). */
  options?: string;
  min?: number;
  max?: number | string;
}
export interface ReportColumn {
  role: 'time' | 'series' | 'category' | 'measure' | 'weight' | 'detail';
  label: Pair;
  metric?: string;
  unit?: 'count' | 'money' | 'rate' | 'days' | 'number';
  /** Whether more is better, where the metric says so. */
  good?: 'up' | 'down';
  labels?: { [value: string]: Pair };
  /** Only for drilling: in no table and no download. */
  hidden?: boolean;
}
export interface ReportChart {
  kind: 'kpi' | 'line' | 'column' | 'stacked' | 'area' | 'cell' | 'sankey' | 'funnel' | 'scatter' | 'combo' | 'table';
  x?: string;
  y?: string;
  color?: string;
  /** The number of a cell or of a flow. */
  value?: string;
  /** combo: the measure drawn as a line on its own axis. */
  line?: string;
  /** The interval around y, drawn as a ribbon. */
  low?: string;
  high?: string;
  /** What y is to be, and what it was a year before: dashed lines beside it. */
  target?: string;
  before?: string;
  /** The limits within which y usually is; what lies outside is marked. */
  limit_low?: string;
  limit_high?: string;
  /** A column that is true where y is known but not as it will stay: drawn lighter. */
  young?: string;
}
export interface ReportProblem {
  code: string;
  file: string;
  line: number;
  column: number;
  message: string;
  hint?: string;
}
export interface ReportDefinition {
  slug: string;
  area: string;
  title: Pair;
  describe?: Pair;
  owner?: string;
  params: { [name: string]: ReportParam };
  columns: { [name: string]: ReportColumn };
  chart: ReportChart;
  /** `to`: a report slug, or `resource:<name>` with `where` built from the passed columns. */
  drill?: { to: string; pass: { [target: string]: string } };
  limits: { rows: number; timeout: string };
  access: { roles: Role[] };
  /** Set when the file as it stands does not compile; the last good version is what runs. */
  problem?: ReportProblem;
}
export interface ReportResult {
  slug: string;
  params: { [name: string]: Json };
  columns: string[];
  rows: Json[][];
  /** True when the row limit was reached and rows are missing. */
  cut: boolean;
  ran_at: string;
  took_ms: number;
  /** Shown as lines at their days where x is time. */
  events?: CalendarEvent[];
}
/** An entry of the metrics registry: reports/metrics/<code>.yaml. */
export interface MetricDefinition {
  code: string;
  label: Pair;
  definition: Pair;
  kind: 'sum' | 'ratio' | 'distinct' | 'last' | 'mean';
  /** Metrics that a ratio divides; `den` must stand beside the ratio in every report. */
  num?: string;
  den?: string;
  unit: 'count' | 'money' | 'rate' | 'days' | 'number';
  good: 'up' | 'down' | 'none';
  /** Over what it may be summed: everything, everything but time, nothing. */
  additive: 'all' | 'time_no' | 'none';
  ci: 'wilson' | 'bootstrap' | 'none';
  owner: string;
  since: string;
  version: number;
  /** Which part of the registry it belongs to. */
  area?: string;
  /** Where its course over time is read: a column of a report view, summed by step of time. Ratios have those of their parts. */
  source?: MetricSource;
  /** The same of the customers of one segment: a view with rule_set_code and segment_code. */
  by_segment?: MetricSource;
  /** The facts it waits for; until they exist it has no figures. */
  waits?: Pair;
  /** Days after which a step is as it will stay, for instance those that customers have to buy again. */
  matures?: number;
  /** What its value cannot be outside of; tested on the whole course. */
  between?: [low: number, high: number];
}
export type Grain = 'day' | 'week' | 'month';
export interface MetricSource {
  /** Of schema report, without its name. */
  view: string;
  /** The column with the day. */
  time: string;
  /** The column that is summed. */
  value: string;
  /** One row of the view is of one of these, or of a part of it. */
  grain: Grain;
  where: { [column: string]: string | number | boolean };
}
/** GET /api/_metrics */
export interface MetricList {
  areas: ReportArea[];
  metrics: MetricEntry[];
}
export interface MetricEntry extends MetricDefinition {
  /** Reports of the reader that show it. */
  reports: number;
  /** There is a course to look at. */
  course: boolean;
  /** A target is in force today. */
  target: boolean;
}
/** GET /api/_metrics/<code> */
export interface MetricDetails {
  metric: MetricDefinition;
  area: Pair;
  /** The metrics that a ratio divides. */
  parts: MetricDefinition[];
  reports: { slug: string; title: Pair }[];
  /** The views it is read from, each with the tables that these are made of. */
  lineage: { view: string; comment: string; tables: string[] }[];
  tests: MetricTest[];
  currency: string;
  today: string;
  /** Null where there is nothing to read it from. */
  course: MetricCourse | null;
}
export interface MetricTest {
  name: 'between' | 'share' | 'known';
  passed: boolean;
  /** What the test asks, in words. */
  label: Pair;
  /** Steps that fail it. */
  wrong: string[];
}
export interface MetricCourse {
  grain: Grain;
  grains: Grain[];
  columns: string[];
  rows: Json[][];
  events: CalendarEvent[];
}
/** What charts show as a line at its day. */
export interface CalendarEvent {
  kind: string;
  name: Pair;
  starts_on: string;
  ends_on: string | null;
}
/** How a figure stands to what it is to be; null where nothing was said of that. */
export type Standing = 'on_track' | 'at_risk' | 'missed' | 'too_early';
/** GET /api/_health, and what a written report holds. */
export interface HealthReport {
  /** The last day that counts. */
  reported_on: string;
  /** The first day that is not known whole. */
  known_until: string;
  currency: string;
  /** In sentences: the same figures as below. */
  verdict: Pair[];
  metrics: HealthMetric[];
  campaigns: HealthCampaign[];
  budgets: HealthBudget[];
  incidents: HealthIncident[];
  freshness: HealthSource[];
}
export interface HealthMetric {
  code: string;
  label: Pair;
  unit: MetricDefinition['unit'];
  good: MetricDefinition['good'];
  grain: Grain;
  /** Why it has no figures. */
  waits?: Pair;
  /** The last step that is over and has had its time; null where there is none. */
  latest: HealthStep | null;
  /** The step that goes on, where it began before the reported day. */
  running: HealthStep | null;
  trend: { step_on: string; value: string | null; target: string | null; whole: boolean; signal: boolean }[];
  limits: [low: string, high: string] | null;
}
export interface HealthStep {
  step_on: string;
  value: string | null;
  low: string | null;
  high: string | null;
  previous_value: string | null;
  /** Rates: points; everything else: a share. */
  change: string | null;
  last_year_value: string | null;
  last_year_change: string | null;
  target: string | null;
  /** Value less what the target asks so far. */
  gap: string | null;
  /** What the target asks of the days so far. */
  expected: string | null;
  status: Standing | null;
  /** Outside the limits within which it usually is. */
  signal: boolean;
}
export interface HealthCampaign {
  id: number;
  code: string;
  name: Pair;
  starts_on: string;
  ends_on: string | null;
  repeats: string | null;
  /** Null where it has no goal. */
  goal: { metric: string; label: Pair; unit: MetricDefinition['unit']; target: string; value: string | null } | null;
  status: Standing | null;
  budget: { code: string; name: Pair; used_rate: string | null; status: Standing | null } | null;
  stopped_at: string | null;
}
export interface HealthBudget {
  code: string;
  name: Pair;
  amount: string;
  used: string;
  used_rate: string;
  passed_rate: string | null;
  lasts_until_on: string | null;
  status: Standing;
}
export interface HealthIncident {
  kind: 'campaign_stopped' | 'job_failed' | 'webhook_failed' | 'noted';
  happened_at: string;
  name: Pair;
  resource: string;
  record_id: number | null;
}
export interface HealthSource {
  source: string;
  name: Pair;
  latest_at: string | null;
  latest_on: string | null;
  days_behind: number | null;
  status: 'fresh' | 'late' | 'none';
}
/** How a goal stands: `no_baseline` where its target is a change of something that was not measured before. */
export type GoalStatus = Standing | 'no_baseline';
export type StagePhase = 'ahead' | 'running' | 'ended';
/** GET /api/_stages: the goals of every stage of the programme, as they stand; rates as "0.35". */
export interface StageEvaluation {
  /** The last day that counts. */
  reported_on: string;
  /** The first day that is not known whole. */
  known_until: string;
  currency: string;
  /** First day of the programme; null: nobody has said it, and there are no stages. */
  started_on: string | null;
  verdict: Pair[];
  stages: Stage[];
  effects: HoldoutEffect[];
}
export interface Stage {
  stage: string;
  label: Pair;
  starts_on: string;
  due_on: string;
  phase: StagePhase;
  goals: StageGoal[];
}
export interface StageGoal {
  /** Null: nobody has set one, but the stage looks at the metric. */
  goal_id: number | null;
  name: Pair;
  metric: string;
  label: Pair;
  unit: MetricDefinition['unit'];
  direction: 'up' | 'down';
  segment: Pair | null;
  weight: number | null;
  owner_team: string | null;
  target_text: string | null;
  starts_on: string;
  due_on: string;
  /** What the metric waits for, or why it cannot be read of this segment; then the rest is null. */
  waits: Pair | null;
  phase: StagePhase | null;
  passed_rate: string | null;
  baseline: string | null;
  /** Whether the baseline was typed, not measured. */
  baseline_given: boolean;
  before_value: string | null;
  actual: string | null;
  low: string | null;
  high: string | null;
  /** What a share is of. */
  den: string | null;
  /** A change, not an effect: nobody was held out. */
  difference: string | null;
  difference_low: string | null;
  difference_high: string | null;
  change_rate: string | null;
  target: string | null;
  target_max: string | null;
  expected: string | null;
  gap: string | null;
  status: GoalStatus | null;
  /** What may be done about it, where it falls short. */
  advice: { text: Pair; to: string } | null;
}
/** What a campaign or automation did beside those who were held out of it. */
export interface HoldoutEffect {
  kind: 'automation' | 'campaign';
  record_id: number;
  name: Pair;
  holdout_rate: string;
  drawn_from_on: string;
  drawn_until_on: string;
  treated: number;
  held_out: number;
  treated_rate: string | null;
  held_out_rate: string | null;
  difference: string | null;
  difference_low: string | null;
  difference_high: string | null;
  spend_difference: string | null;
  spend_low: string | null;
  spend_high: string | null;
  /** Less what was spent before explains. */
  adjusted_difference: string | null;
  adjusted_low: string | null;
  adjusted_high: string | null;
  verdict: 'more' | 'less' | 'unclear' | 'too_few' | 'ratio_off';
}
/** GET /api/_health/written and /api/_stages/written: the days of which something was written. */
export interface WrittenDays {
  /** Newest first. */
  written: { reported_on: string; number: number; written_at: string; sha256: string }[];
}
/** GET /api/_health/written/<day>, /api/_stages/written/<day>: `number` as asked, the last one without it. */
export interface Written<Body> {
  reported_on: string;
  number: number;
  /** How many there are of the day. */
  numbers: number;
  written_at: string;
  sha256: string;
  body: Body;
}
/** A monthly retrospective as it was written: everything but what people said of it. */
export interface Retrospective {
  /** First day of the month. */
  month_on: string;
  /** Its last day. */
  last_on: string;
  /** The first day that was not known whole. */
  known_until: string;
  currency: string;
  verdict: Pair[];
  scorecard: RetrospectiveMetric[];
  drivers: NetSalesDrivers | null;
  contributions: Contributions[];
  splits: RatioSplit[];
  campaigns: HealthCampaign[];
  /** Drawn in the month. */
  effects: HoldoutEffect[];
  /** The goals of the plan, as they stood at the end of the month. */
  stages: Stage[];
  budgets: HealthBudget[];
  incidents: HealthIncident[];
  quality: {
    freshness: HealthSource[];
    failed_tests: { metric: Pair; test: Pair; steps: string[] }[];
    restated: (FigureChange & { signed_month_on: string; signed_number: number })[];
  };
  /** Decided in the months before: open, or closed since the month began. */
  carried: RetrospectiveAction[];
  /** Chapters without facts yet, and what they wait for. */
  waits: { chapter: RetrospectiveChapter; what: Pair }[];
  definitions: {
    code: string;
    label: Pair;
    definition: Pair;
    version: number;
    since: string;
    /** Fingerprint of how it is defined. */
    sha256: string;
    /** Views of schema report that it is read from. */
    views: string[];
  }[];
  /** Every number that another writing of the month is compared by. */
  figures: RetrospectiveFigure[];
}
export const RETROSPECTIVE_CHAPTERS = [
  'verdict',
  'scorecard',
  'drivers',
  'campaigns',
  'pages',
  'feedback',
  'budgets',
  'forecast',
  'quality',
  'actions',
  'definitions',
] as const;
export type RetrospectiveChapter = (typeof RETROSPECTIVE_CHAPTERS)[number];
export type RetrospectiveMetric = HealthMetric & { owner: string; version: number };
export interface RetrospectiveFigure {
  /** "scorecard/orders/2026-01-01": also what a comment can stand at. */
  id: string;
  chapter: RetrospectiveChapter;
  /** The month that it is of. */
  step: string;
  label: Pair;
  unit: MetricDefinition['unit'];
  value: string | null;
  /** Fingerprint of how it is defined. */
  definition: string;
}
/** The change of net sales by its factors; the effects are null where the change cannot be split. */
export interface NetSalesDrivers {
  net: string;
  previous_net: string;
  change: string;
  factors:
    | {
        name: 'buyers' | 'frequency' | 'order_value' | 'unknown';
        label: Pair;
        unit: MetricDefinition['unit'];
        before: string | null;
        after: string | null;
        effect: string;
      }[]
    | null;
}
/** What each part of a sum changed, the greatest first. */
export interface Contributions {
  metric: string;
  label: Pair;
  by: Pair;
  unit: MetricDefinition['unit'];
  parts: { part: string; label: Pair; before: string; after: string; difference: string }[];
}
/** Why a ratio moved: the rates of its parts (rate effect), or how much of the whole each is (mix effect). */
export interface RatioSplit {
  metric: string;
  label: Pair;
  by: Pair;
  unit: MetricDefinition['unit'];
  step_on: string;
  before: string;
  after: string;
  rate_effect: string;
  mix_effect: string;
  /** The whole moved against every one of its parts. */
  against: boolean;
  parts: {
    part: string;
    label: Pair;
    before: string;
    after: string;
    before_share: string;
    after_share: string;
    rate_effect: string;
    mix_effect: string;
  }[];
}
export interface RetrospectiveAction {
  id: number;
  month_on: string;
  decision: string;
  owner: string;
  due_on: string;
  metric: string | null;
  status: 'open' | 'done' | 'dropped';
  late: boolean;
  outcome: string | null;
}
export interface FigureChange {
  figure: string;
  chapter: RetrospectiveChapter;
  label: Pair;
  unit: MetricDefinition['unit'];
  before_value: string | null;
  after_value: string | null;
  difference: string | null;
  /** target: another was set; definition: its metric was defined anew; late_data: facts came in since; fix: worked out anew from the same facts. */
  reason: 'target' | 'definition' | 'late_data' | 'fix';
}
export type RetrospectiveState = 'draft' | 'in_review' | 'signed' | 'superseded';
export interface RetrospectiveHead {
  month_on: string;
  number: number;
  state: RetrospectiveState;
  written_at: string;
  sha256: string;
  submitted_at: string | null;
  submitted_by: string | null;
  signed_at: string | null;
  signed_by: string | null;
  /** Of the figures, the text and the actions together. */
  signed_sha256: string | null;
  /** Who wrote it. */
  authors: string[];
  comments: number;
}
/** GET /api/_retrospectives: each month's numbers, newest first. */
export interface RetrospectiveList {
  retrospectives: RetrospectiveHead[];
  /** Months whose figures can be written. */
  months: string[];
  may: { write: boolean; sign: boolean };
}
export interface RetrospectiveComment {
  id: number;
  anchor: string;
  body: string;
  author: string;
  written_at: string;
}
/** GET /api/_retrospectives/<month>: `number` as asked, the last one without it. */
export interface RetrospectiveRead {
  head: RetrospectiveHead;
  /** How many there are of the month. */
  numbers: number;
  body: Retrospective;
  text: string;
  /** To be sent back with the text. */
  version: number;
  comments: RetrospectiveComment[];
  /** Decided in this month; of a signed one as they were then. */
  actions: RetrospectiveAction[];
  may: { write: boolean; submit: boolean; return: boolean; sign: boolean; comment: boolean; rewrite: boolean };
}
/** GET /api/_retrospectives/<month>/<number>/changes: since the number before. */
export interface RetrospectiveChanges {
  month_on: string;
  before: number;
  after: number;
  currency: string;
  changes: FigureChange[];
}
export interface ReportArea {
  name: string;
  label: Pair;
  /** Reports that its page shows at once, of whatever area; all of its own where it names none. */
  board?: readonly string[];
}
export interface ReportCatalogue {
  areas: ReportArea[];
  reports: ReportDefinition[];
  /** Pages that are no report files, and that the caller may open: health, stages, metrics. */
  pages: string[];
  /** ISO 4217, of money columns. */
  currency: string;
  /** The programme's day, from which relative dates count. */
  today: string;
}
/** How a report is computed: GET /api/_reports/details/<slug>. */
export interface ReportDetails {
  slug: string;
  file: string;
  hash: string;
  sql: string;
  metrics: MetricDefinition[];
  /** The views it reads, with the comments of the view and its columns. */
  views: { name: string; comment: string; columns: { name: string; comment: string }[] }[];
}
/** What GET /api/_events sends. */
export type ServerEvent =
  | { type: 'report'; slug: string }
  | { type: 'resource'; name: string; ids: number[] }
  /** Staff changed fields, forms or permissions: GET /api/_meta may say something else now. */
  | { type: 'definitions' };

/* ------------------------------------------------------------------ trying rules out */

/** One thing that a rule asks, and whether the fact had it. `any_of`: one of these is enough. */
export interface TrialPart {
  text: Pair;
  met: boolean;
  any_of?: TrialPart[];
}
/** A rule or tier as it would be: the record's id, null for a new one, and the values that a form would save. */
export interface TrialDraft {
  resource: string;
  id: number | null;
  values: Row;
}
/** What a rule came to. `multiplied`: it multiplies others; `nothing_to_multiply`: there were none; `not_met`: it did not apply. */
export type TrialOutcome =
  | 'granted'
  | 'capped'
  | 'outranked'
  | 'below_one'
  | 'refused'
  | 'multiplied'
  | 'nothing_to_multiply'
  | 'not_met';
export interface TrialRule {
  rule_id: number;
  name: Pair;
  /** The one that is being tried instead of what is stored. */
  draft: boolean;
  account: 'points' | 'growth';
  effect: string;
  outcome: TrialOutcome;
  points: number;
  /** Everything it asks, in the order in which it is asked. */
  checks: ({
    key: 'status' | 'trigger' | 'validity' | 'weekdays' | 'hours' | 'campaign' | 'audience' | 'goods';
  } & TrialPart)[];
  condition: TrialPart[];
  /** What of the order it is about; null where no amount counts. */
  basis_amount: string | null;
  per_amount: string | null;
  /** Points for each per_amount, or once; null for a rule that multiplies. */
  rate: number | null;
  /** Before rounding down and caps. */
  raw_points: string | null;
  multipliers: { rule_id: number; name: Pair; factor: string }[];
  tier_factor: string | null;
  caps: { per_fact: number | null; per_day: number | null; per_customer: number | null };
  available_at: string | null;
  /** Null: never. */
  expires_at: string | null;
  /** Why it was refused, where something else than the rule did. */
  reason: Pair | null;
}
/** POST /api/_trials/dry_run: what a made-up fact would bring. Nothing of it is kept. */
export interface DryRun {
  at: string;
  on: string;
  hour: number;
  weekday: string;
  /** Of facts that earn; none for those that take points or give them back. */
  rules: TrialRule[];
  /** What the rules give together; of other facts what they change of the balance. */
  points: number;
  growth: number;
  /** Everything that was booked because of it, in order; at most 200. */
  movements: TrialMovement[];
  /** At the fact, before and after it; null: in none. */
  tier: { before: Pair | null; after: Pair | null; valid_until_at: string | null };
  /** Of an account as it is (at the fact, where that lies ahead), without the fact and with it. */
  balance: { before: TrialBalance; after: TrialBalance };
  took_ms: number;
}
/** A movement of points between two states, of one lot where it has one. */
export interface TrialMovement {
  account: 'points' | 'growth';
  kind: Pair;
  from: Pair;
  to: Pair;
  points: number;
  /** The rule and the fact that the points are from; null for what is owed. */
  rule: Pair | null;
  origin: Pair | null;
  earned_on: string | null;
  /** Null: never. */
  expires_at: string | null;
}
export interface TrialBalance {
  available: number;
  pending: number;
  debt: number;
  growth: number;
}
/** POST /api/_trials: what is to be worked over the last `months`, of `sample` customers at most. */
export interface BackTestRequest {
  title?: string;
  drafts: TrialDraft[];
  months: number;
  sample?: number;
}
export interface BackTestSide {
  issued?: number;
  spent?: number;
  expired?: number;
  growth?: number;
}
/** GET /api/_trials/:id. Sums are scaled up to everybody where a sample was drawn; `margin`: what they may be off by (95 %). */
export interface BackTest {
  id: number;
  title: string;
  drafts: (TrialDraft & { name: Pair })[];
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** "中文 | English" */
  problem: string | null;
  months: number;
  since_on: string;
  until_on: string;
  population: number;
  sampled: number;
  done: number;
  facts: number;
  worked_ms: number;
  point_value: string | null;
  totals: {
    points_real: number;
    points_draft: number;
    points_more: number;
    points_margin: number | null;
    growth_real: number;
    growth_draft: number;
    growth_more: number;
    growth_margin: number | null;
    gaining: number;
    losing: number;
    moving: number;
  } | null;
  cost: { real: string; draft: string; more: string; margin: string | null } | null;
  by_month: { month_on: string; real: BackTestSide; draft: BackTestSide }[];
  tiers: { name: Pair; real: number; draft: number }[];
  moves: { from: Pair; to: Pair; up: boolean; customers: number }[];
  segments: { name: Pair; customers: number; real: number; draft: number }[];
  /** By how many points more (or less) they get; null: no end. */
  spread: { from: number | null; to: number | null; customers: number }[];
  winners: BackTestPerson[];
  losers: BackTestPerson[];
  /** Of the one asked for by ?budget_id: when what is left would be used up; null: not within ten years. */
  budget: { name: Pair; left: string; real_on: string | null; draft_on: string | null } | null;
}
export interface BackTestPerson {
  customer_id: number;
  external_id: string;
  real: number;
  draft: number;
  more: number;
}
/** GET /api/_trials: newest first. */
export interface BackTestLine {
  id: number;
  title: string;
  state: BackTest['state'];
  months: number;
  sampled: number;
  done: number;
  created_at: string;
  by: string | null;
}

/* ------------------------------------------------------------------ clicks */

/**
 * Widths of pages in CSS pixels, in classes: each begins at `from` and ends where the next begins. Clicks are counted by class;
 * a page is shown at `drawn` for it.
 */
export const DEVICE_CLASSES = {
  phone: { from: 0, drawn: 390, label: ['手机', 'Phone'] },
  tablet: { from: 600, drawn: 820, label: ['平板', 'Tablet'] },
  desktop: { from: 1024, drawn: 1440, label: ['电脑', 'Desktop'] },
} as const satisfies { [name: string]: { from: number; drawn: number; label: Pair } };
export type DeviceClass = keyof typeof DEVICE_CLASSES;
