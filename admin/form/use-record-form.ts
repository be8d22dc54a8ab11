/**
 * The state of one form. Baseline and version are those of the moment it was opened; only a save or a decided merge
 * moves them. Nothing that is refetched elsewhere touches what somebody types.
 */
import { useCreate, useUpdate } from '@refinedev/core';
import { type RefObject, useMemo, useRef, useState } from 'react';
import type { FieldError, Json, MetaResource, RelationLabel, RelationLabels, Row } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { isWritable } from '../meta/meta.tsx';
import { fieldsContext } from '../predicate/context.ts';
import { etagOf, type Versioned } from '../refine/data-provider.ts';
import { HttpFailure } from '../refine/http.ts';
import { showToast } from '../ui/toast-store.ts';
import { changedValues, type Merge, mergeRecords, sendableFields } from './changes.ts';
import { type FieldStates, fieldStates } from './field-states.ts';
import { type LiveFault, liveFaults } from './live-faults.ts';
import { useMoment } from './use-moment.ts';

export interface Conflict {
  theirs: Row;
  etag: string | null;
  merge: Merge;
}
export interface RecordFormState {
  base: Row;
  values: Row;
  labels: RelationLabels;
  /** What is wrong: told by the server, or seen here once somebody has left the field. */
  errors: { [path: string]: string };
  /** Of these, what the server refused. */
  refused: { [path: string]: string };
  /** What is wrong with the whole, e.g. no connection. */
  general: string | null;
  changes: Row;
  dirty: boolean;
  saving: boolean;
  creating: boolean;
  conflict: Conflict | null;
  /** True while the form leaves on its own account, after a save. */
  leaving: RefObject<boolean>;
  set(field: string, value: Json): void;
  setLabel(field: string, label: RelationLabel): void;
  /** What conditions make of the fields now, and the values as they will be saved. */
  states: FieldStates;
  /** Somebody has left the field: what is wrong with it may be said. */
  touch(field: string): void;
  save(): Promise<void>;
  /** Shows what the server refused. */
  refuse(errors: { [field: string]: FieldError }): void;
  /** @param chosen the value of each field in conflict. */
  decide(chosen: Row): void;
  dropConflict(): void;
}

export function useRecordForm({
  resource,
  start,
  record,
  onSaved,
  onProposed,
  onRefused,
}: {
  resource: MetaResource;
  start: Row;
  record: Versioned | null;
  onSaved(id: Json | undefined, saved: Row): void;
  /** The change waits as a change request, which has this page. */
  onProposed(page: Json | undefined): void;
  onRefused(): void;
}): RecordFormState {
  const { t, say } = useLang();
  const creating = record === null;
  const [base, setBase] = useState<Row>(start);
  const [etag, setEtag] = useState(record?.$etag ?? null);
  const [values, setValues] = useState<Row>(start);
  const [labels, setLabels] = useState(() => (record?.$labels ?? start.$labels ?? {}) as RelationLabels);
  const [refused, setErrors] = useState<{ [path: string]: string }>({});
  const [touched, setTouched] = useState<ReadonlySet<string>>(() => new Set());
  const [general, setGeneral] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const leaving = useRef(false);
  const once = useRef(crypto.randomUUID());
  const creation = useCreate();
  const change = useUpdate();

  const context = useMemo(() => fieldsContext(resource.name, resource.fields), [resource]);
  const moment = useMoment();
  const lists = useMemo(
    () => new Set(Object.keys(resource.fields).filter((name) => resource.fields[name]?.kind === 'rows')),
    [resource],
  );
  const states = useMemo(
    () => fieldStates(resource.fields, values, { context, moment }),
    [resource, values, context, moment],
  );
  const writable = (name: string) => isWritable(resource, name) && (creating || !resource.fields[name]?.frozen);
  const sentence = (fault: LiveFault): string => {
    if ('message' in fault) return say(fault.message);
    const params = Object.entries(fault.params ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : say(value),
    ]);
    return t(fault.key, Object.fromEntries(params));
  };
  const seen = liveFaults({ resource, states, touched, writable, context, moment });
  const errors = {
    ...Object.fromEntries(Object.entries(seen).map(([path, fault]) => [path, sentence(fault)])),
    ...refused,
  };
  const changes = changedValues({ resource, base, values, creating, context, moment });
  // A new form is dirty once it differs from what it was opened with.
  const dirty = creating
    ? sendableFields(resource, true).some(
        (name) => JSON.stringify(values[name] ?? null) !== JSON.stringify(base[name] ?? null),
      )
    : Object.keys(changes).length > 0;

  const quiet = { successNotification: false as const, errorNotification: false as const };
  const send = async (row: Row, version: string | null): Promise<{ saved: Row } | { proposed: Json }> => {
    const answer = creating
      ? await creation.mutateAsync({ resource: resource.name, values: row, meta: { once: once.current }, ...quiet })
      : await change.mutateAsync({
          resource: resource.name,
          id: String(record.id),
          values: row,
          meta: { etag: version },
          ...quiet,
        });
    // Nothing was saved: a change request waits for somebody's consent.
    if (answer.data.$proposed) return { proposed: answer.data.$proposed as Json };
    return { saved: answer.data as Row };
  };

  const attempt = async (row: Row, version: string | null, from: { base: Row; values: Row }): Promise<void> => {
    try {
      // After a merge there may be nothing left to say: both made the same change.
      const answer = !creating && Object.keys(row).length === 0 ? { saved: record } : await send(row, version);
      leaving.current = true;
      if ('proposed' in answer) return onProposed(answer.proposed);
      showToast({ text: t(creating ? 'form.created' : 'form.saved') });
      onSaved(answer.saved.id, answer.saved);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      if (error.statusCode === 412 && error.record) return meet(error.record, error.etag ?? etagOf(error.record), from);
      // The server has answered, so the next attempt is another one. Without an answer it may be the same.
      if (error.statusCode > 0) once.current = crypto.randomUUID();
      setErrors(messagesOf(error.errors));
      setGeneral(error.statusCode === 0 ? t('error.offline_save') : error.errors ? null : error.message);
      onRefused();
    }
  };

  /** Somebody else saved first. What does not collide is merged and saved; what does is asked. */
  const meet = async (theirs: Row, version: string | null, from: { base: Row; values: Row }): Promise<void> => {
    const fields = sendableFields(resource, false);
    const merge = mergeRecords({ base: from.base, mine: from.values, theirs, fields, lists });
    if (merge.conflicts.length > 0) {
      setConflict({ theirs, etag: version, merge });
      return;
    }
    adopt(theirs, version, merge.merged);
    const names = merge.theirs.map((name) => say(resource.fields[name]?.label ?? [name, name])).join(t('comma'));
    showToast({ text: t('merge.by_itself', { fields: names || '–' }), tone: 'info' });
    const rest = changedValues({ resource, base: theirs, values: merge.merged, creating, context, moment });
    await attempt(rest, version, { base: theirs, values: merge.merged });
  };

  const adopt = (theirs: Row, version: string | null, merged: Row) => {
    setBase(theirs);
    setEtag(version);
    setValues(merged);
    setConflict(null);
  };

  const run = async (work: () => Promise<void>) => {
    setSaving(true);
    setGeneral(null);
    try {
      await work();
    } finally {
      setSaving(false);
    }
  };

  return {
    base,
    values,
    labels,
    errors,
    refused,
    general,
    changes,
    dirty,
    saving,
    creating,
    conflict,
    leaving,
    set: (field, value) => {
      setValues((before) => ({ ...before, [field]: value }));
      setErrors((before) => withoutField(before, field));
    },
    setLabel: (field, label) => setLabels((before) => ({ ...before, [field]: label })),
    states,
    touch: (field) => setTouched((before) => (before.has(field) ? before : new Set([...before, field]))),
    save: async () => {
      if (saving || conflict || (!creating && Object.keys(changes).length === 0)) return;
      await run(() => attempt(changes, etag, { base, values }));
    },
    refuse: (told) => {
      setErrors(messagesOf(told));
      onRefused();
    },
    decide: (chosen) => {
      if (!conflict) return;
      const merged = { ...conflict.merge.merged, ...chosen };
      adopt(conflict.theirs, conflict.etag, merged);
      const rest = changedValues({ resource, base: conflict.theirs, values: merged, creating, context, moment });
      void run(() => attempt(rest, conflict.etag, { base: conflict.theirs, values: merged }));
    },
    dropConflict: () => setConflict(null),
  };
}

function messagesOf(errors: { [path: string]: FieldError } | undefined): { [path: string]: string } {
  return Object.fromEntries(Object.entries(errors ?? {}).map(([path, error]) => [path, error.message]));
}

function withoutField(errors: { [path: string]: string }, field: string): { [path: string]: string } {
  const kept = Object.entries(errors).filter(([path]) => path !== field && !path.startsWith(`${field}.`));
  return kept.length === Object.keys(errors).length ? errors : Object.fromEntries(kept);
}
