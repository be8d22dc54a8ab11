/**
 * Everything that crosses HTTP, as types: here what all resources share; beside it contract-reports.ts, contract-written.ts,
 * contract-trials.ts and contract-clicks.ts. They import nothing else; the API, the admin and the reports all read them.
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
  /** `id` is that of the record in `field` times `places`, and a number of its own: an index that begins with the field finds it. */
  id_within?: { field: string; places: number };
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
/** A value as its field shows it; a text where it is none of a field, with the page of the console that it leads `to`. */
export type HeadValue =
  | { label: Pair; text: Pair; to?: string }
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

/** What GET /api/_events sends. */
export type ServerEvent =
  | { type: 'report'; slug: string }
  | { type: 'resource'; name: string; ids: number[] }
  /** Staff changed fields, forms or permissions: GET /api/_meta may say something else now. */
  | { type: 'definitions' };
