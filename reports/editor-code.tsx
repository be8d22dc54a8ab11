/** The text of a report in CodeMirror: SQL below a YAML head, completed, with the mistake at its place. Loaded with the editor only. */
import { autocompletion } from '@codemirror/autocomplete';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { defaultHighlightStyle, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useImperativeHandle, useRef } from 'react';
import type { Lang } from '../api/contract.ts';
import type { EditorWorld, ReportProblem } from '../api/contract-reports.ts';
import { completionOf } from './editor-completion.ts';
import { headColours } from './editor-head.ts';
import { tell } from './editor-words.ts';

export interface CodeHandle {
  set(text: string): void;
  /** Puts the cursor there. Both count from 1. */
  go(line: number, column: number): void;
}

/** The colours of the product for the default's kinds of words: dark and light come from the theme's variables. */
const COLOURS: { [given: string]: string } = {
  '#708': 'var(--info)',
  '#219': 'var(--warn)',
  '#164': 'var(--warn)',
  '#a11': 'var(--good)',
  '#e40': 'var(--good)',
  '#085': 'var(--brand)',
  '#940': 'var(--ink-3)',
  '#f00': 'var(--bad)',
};
const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) =>
    typeof spec.color === 'string' ? { ...spec, color: COLOURS[spec.color] ?? 'var(--ink)' } : spec,
  ),
);

export default function EditorCode({
  initial,
  readOnly,
  world,
  lang,
  problem,
  onChange,
  onSave,
  onPreview,
  handle,
}: {
  initial: string;
  readOnly: boolean;
  world: EditorWorld;
  lang: Lang;
  problem: ReportProblem | null;
  onChange(text: string): void;
  onSave(): void;
  onPreview(): void;
  handle: React.Ref<CodeHandle>;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const calls = useRef({ onChange, onSave, onPreview });
  calls.current = { onChange, onSave, onPreview };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the editor's own once it is there.
  useEffect(() => {
    const done = (call: 'onSave' | 'onPreview') => () => {
      calls.current[call]();
      return true;
    };
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: initial,
        extensions: [
          Prec.highest(
            keymap.of([
              { key: 'Mod-s', run: done('onSave'), preventDefault: true },
              { key: 'Mod-Enter', run: done('onPreview'), preventDefault: true },
            ]),
          ),
          basicSetup,
          keymap.of([{ key: 'Tab', run: indent }]),
          indentUnit.of('  '),
          EditorState.tabSize.of(2),
          EditorView.lineWrapping,
          sql({ dialect: PostgreSQL }),
          Prec.high(syntaxHighlighting(colours)),
          headColours,
          autocompletion({ override: [completionOf(world, lang)] }),
          lintGutter(),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({
            'aria-label': tell(lang, 'code'),
            'aria-describedby': 'editor-keys',
            tabindex: '0',
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) calls.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [readOnly, world, lang]);

  useEffect(() => {
    const made = view.current;
    if (made) made.dispatch(setDiagnostics(made.state, problem ? [diagnosticOf(made.state, problem)] : []));
  }, [problem]);

  useImperativeHandle(handle, () => ({
    set: (text) => {
      const made = view.current;
      made?.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: text } });
    },
    go: (line, column) => {
      const made = view.current;
      if (!made) return;
      made.dispatch({ selection: { anchor: offsetOf(made.state, { line, column }) }, scrollIntoView: true });
      made.focus();
    },
  }));

  return <div ref={place} className="editor-code" />;
}

/** Two blanks, as YAML wants them. With a selection Tab leaves it alone; after Esc it leaves the editor. */
function indent({ state, dispatch }: EditorView): boolean {
  if (state.readOnly || !state.selection.main.empty) return false;
  dispatch(state.update(state.replaceSelection('  '), { scrollIntoView: true, userEvent: 'input' }));
  return true;
}

function diagnosticOf(state: EditorState, problem: ReportProblem): Diagnostic {
  const from = offsetOf(state, problem);
  const line = state.doc.lineAt(from);
  const word = /^[\w.:]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 1;
  return {
    from,
    to: Math.min(from + word, line.to),
    severity: 'error',
    message: problem.hint ? `${problem.message}\n${problem.hint}` : problem.message,
  };
}

/** Columns count characters, not UTF-16 units. */
function offsetOf({ doc }: EditorState, { line, column }: { line: number; column: number }): number {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const before = [...found.text].slice(0, column - 1).join('').length;
  return Math.min(found.from + before, found.to);
}
