/** A text as the editor has it, through the same stages and the same login as a report that is published. Nothing is kept. */
import type { Deps } from '../context.ts';
import type { Lang } from '../contract.ts';
import type { ReportCheck } from '../contract-reports.ts';
import type { CompiledReport } from './compile.ts';
import { ReportError, tellProblem } from './problem.ts';
import { reportOptions, tryReport } from './run.ts';
import { reportStore } from './store.ts';
import { checkTrial } from './trial.ts';

/** Somebody waits beside the editor, and types on. */
const TRIAL_MS = 10_000;

/** @param run once, with the values chosen beside the editor. @throws Problem 400 where a value does not fit its parameter */
export async function checkText(
  deps: Deps,
  {
    slug,
    text,
    run,
    query,
    lang,
  }: { slug: string; text: string; run: boolean; query: { [name: string]: string[] }; lang: Lang },
): Promise<ReportCheck> {
  const answer: ReportCheck = { problem: null, definition: null, result: null, choices: {} };
  try {
    const report = await reportStore(deps).compile(slug, text);
    answer.definition = report.definition;
    if (!run) return answer;
    // What was chosen for a parameter that the text no longer has is forgotten.
    const asked = Object.fromEntries(
      Object.entries(query).filter(([name]) => Object.hasOwn(report.definition.params, name)),
    );
    answer.choices = await choicesOf(deps, report, lang);
    answer.result = await tryReport(deps, report, { query: asked, lang, timeout_ms: TRIAL_MS });
    checkTrial(report, answer.result);
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    answer.problem = tellProblem(error.problem, lang);
  }
  return answer;
}

async function choicesOf(deps: Deps, report: CompiledReport, lang: Lang): Promise<ReportCheck['choices']> {
  const choices: ReportCheck['choices'] = {};
  for (const param of Object.keys(report.options)) {
    choices[param] = await reportOptions(deps, report, { param, lang });
  }
  return choices;
}
