/** What is wrong with a report file, where, and what to do: one shape for every compile stage, in both languages. */
import type { Lang, Pair } from '../contract.ts';
import type { ReportProblem } from '../contract-reports.ts';

/** A problem before its reader's language is known. Lines and columns count from 1; columns count characters. */
export interface FileProblem extends Omit<ReportProblem, 'message' | 'hint'> {
  message: Pair;
  hint?: Pair;
}

/** Thrown by the compile stages; the first problem found ends the compilation, nothing partial is published. */
export class ReportError extends Error {
  readonly problem: FileProblem;
  constructor(problem: FileProblem) {
    super(`${problem.file}:${problem.line}:${problem.column} ${problem.code}: ${problem.message[1]}`);
    this.name = 'ReportError';
    this.problem = problem;
  }
}

/** The text a stage looks at, and what its file is called in messages. */
export interface ReportSource {
  file: string;
  text: string;
}

/** @param offset index into `source.text` (UTF-16); past the end means the end. */
export function failAt(source: ReportSource, offset: number, code: string, message: Pair, hint?: Pair): never {
  throw new ReportError({ code, file: source.file, ...lineAndColumn(source.text, offset), message, hint });
}

export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, offset));
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: [...before.slice(start)].length + 1 };
}

/** The same problem for one reader. */
export function tellProblem(problem: FileProblem, lang: Lang): ReportProblem {
  const pick = lang === 'zh' ? 0 : 1;
  const { message, hint, ...place } = problem;
  return { ...place, message: message[pick], ...(hint ? { hint: hint[pick] } : {}) };
}
