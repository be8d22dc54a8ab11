import './action-preview.css';
import { useEffect, useState } from 'react';
import type { ActionPreview, Field, Row } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { HttpFailure, postJson } from '../refine/http.ts';
import { Skeleton } from '../ui/states.tsx';

/** What the action would come to, asked when all is filled in but the reason, which is for the deed. */
export default function PreviewOfAction({
  path,
  input,
  values,
}: {
  path: string;
  input: { [name: string]: Field };
  values: Row;
}) {
  const { t, lang } = useLang();
  const [told, setTold] = useState<ActionPreview | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const asked = Object.entries(values).filter(([name]) => name !== 'reason');
  const whole = asked.every(([name, value]) => !input[name]?.required || (value !== null && value !== ''));
  const body = JSON.stringify(Object.fromEntries(asked));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answer is in the language of the screen.
  useEffect(() => {
    setTold(null);
    setProblem(null);
    if (!whole) return;
    let current = true;
    const timer = setTimeout(async () => {
      try {
        const answer = await postJson<ActionPreview>(path, JSON.parse(body));
        if (current) setTold(answer);
      } catch (error) {
        if (!current) return;
        const first = error instanceof HttpFailure ? Object.values(error.errors ?? {})[0]?.message : undefined;
        setProblem(first ?? (error instanceof Error ? error.message : String(error)));
      }
    }, 300);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [path, body, whole, lang]);
  return (
    <section className="action-preview" aria-label={t('action.preview')} aria-live="polite">
      <h3>{t('action.preview')}</h3>
      {problem ? (
        <p className="note note-bad" role="alert">
          {problem}
        </p>
      ) : null}
      {!whole ? <p className="action-preview-later">{t('action.preview_later')}</p> : null}
      {whole && !told && !problem ? <Skeleton lines={6} /> : null}
      {told ? (
        <>
          <table>
            <thead>
              <tr>
                <td />
                {told.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {told.rows.map((row) => (
                <tr key={row.label}>
                  <th scope="row">{row.label}</th>
                  {row.values.map((value, at) => (
                    <td key={told.columns[at]}>{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <ul>
            {told.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
