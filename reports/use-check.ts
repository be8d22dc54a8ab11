/** The text as it is typed, checked and drawn by the server: of several answers the newest counts. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Lang } from '../api/contract.ts';
import type { ReportCheck, ReportProblem } from '../api/contract-reports.ts';
import type { Picture } from './editor-preview.tsx';
import { RequestFailure, send } from './http.ts';

const SETTLE_MS = 400;
/** A text that takes longer is only run when it is asked for. */
const QUICK_MS = 2_000;

export interface Checked {
  problem: ReportProblem | null;
  picture: Picture | null;
  busy: boolean;
  failure: RequestFailure | null;
  /** Runs the text as it is now. */
  run(text: string, chosen: { [name: string]: string[] }): void;
}

export function useCheck(
  text: string,
  { slug, chosen, lang }: { slug: string; chosen: { [name: string]: string[] }; lang: Lang },
): Checked {
  const [state, setState] = useState<Omit<Checked, 'run'>>({ problem: null, picture: null, busy: true, failure: null });
  const latest = useRef<AbortController | null>(null);
  const took = useRef(0);
  const ask = useCallback(
    (asked: { text: string; run: boolean; params: { [name: string]: string[] } }) => {
      latest.current?.abort();
      const abort = new AbortController();
      latest.current = abort;
      setState((before) => ({ ...before, busy: true }));
      check(asked, { slug, lang, signal: abort.signal }).then(
        ({ problem, definition, result, choices }) => {
          if (abort.signal.aborted) return;
          if (result) took.current = result.took_ms;
          setState((before) => ({
            problem,
            picture: definition && result && !problem ? { definition, result, choices } : before.picture,
            busy: false,
            failure: null,
          }));
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          const failure = error instanceof RequestFailure ? error : new RequestFailure(0, String(error));
          setState((before) => ({ ...before, busy: false, failure }));
        },
      );
    },
    [slug, lang],
  );
  useEffect(() => {
    const timer = setTimeout(() => ask({ text, run: took.current < QUICK_MS, params: chosen }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [ask, text, chosen]);
  useEffect(() => () => latest.current?.abort(), []);
  return { ...state, run: (now, params) => ask({ text: now, run: true, params }) };
}

async function check(
  body: { text: string; run: boolean; params: { [name: string]: string[] } },
  { slug, lang, signal }: { slug: string; lang: Lang; signal: AbortSignal },
): Promise<ReportCheck> {
  const answer = await send('/api/_report-editor/check', lang, signal, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, slug }),
  });
  return (await answer.json()) as ReportCheck;
}
