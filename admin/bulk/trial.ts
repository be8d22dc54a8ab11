/** A change of many records, tried before it is made. */
import { useState } from 'react';
import type { ApiError, BulkAnswer, BulkRequest, FieldError } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { noteOwnChanges } from '../list/live-changes.ts';
import { HttpFailure, postJson } from '../refine/http.ts';

export interface Trial {
  busy: boolean;
  answer: BulkAnswer | null;
  /** By field, where all of it was refused for the same reason. */
  errors: { [field: string]: FieldError };
  /** What is wrong with the whole. */
  problem: { message: string; key: string; rows: NonNullable<ApiError['rows']> } | null;
  /** @returns whether it was answered; where not, the fault is here */
  run(request: BulkRequest): Promise<BulkAnswer | null>;
  reset(): void;
}

export function useTrial(resource: string): Trial {
  const { t } = useLang();
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<BulkAnswer | null>(null);
  const [errors, setErrors] = useState<Trial['errors']>({});
  const [problem, setProblem] = useState<Trial['problem']>(null);
  const reset = () => {
    setAnswer(null);
    setErrors({});
    setProblem(null);
  };
  const run = async (request: BulkRequest) => {
    setBusy(true);
    reset();
    if (!request.dry_run) noteOwnChanges(resource);
    try {
      const told = await postJson<BulkAnswer>(`/api/${encodeURIComponent(resource)}/_bulk`, request);
      if (!request.dry_run) {
        noteOwnChanges(resource);
        return told;
      }
      const shared = sharedFaults(told, request.set ?? {});
      if (shared) {
        setErrors(shared);
        return null;
      }
      setAnswer(told);
      return told;
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const { message, key } = error;
      setErrors(error.errors ?? {});
      const said = error.statusCode === 0 ? t('error.offline_save') : message;
      setProblem(error.errors ? null : { message: said, key, rows: error.rows ?? [] });
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, answer, errors, problem, run, reset };
}

/** A value that fits no record at all is the value's fault, and told there. */
function sharedFaults({ matched, wrong, rows = [] }: BulkAnswer, set: object): Trial['errors'] | null {
  const [first] = rows;
  if (!first || wrong !== matched) return null;
  const names = Object.keys(first.errors).filter(
    (name) =>
      name.split('.')[0]! in set && rows.every((row) => row.errors[name]?.message === first.errors[name]?.message),
  );
  return names.length > 0 ? Object.fromEntries(names.map((name) => [name, first.errors[name]!])) : null;
}
