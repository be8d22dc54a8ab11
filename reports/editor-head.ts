/** Colours of the YAML head, which SQL takes for one long comment. */
import { yamlLanguage } from '@codemirror/lang-yaml';
import type { EditorState, Range } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const MARKS: { [node: string]: Decoration } = {
  Key: Decoration.mark({ class: 'editor-key' }),
  QuotedLiteral: Decoration.mark({ class: 'editor-text' }),
  Literal: Decoration.mark({ class: 'editor-value' }),
  Comment: Decoration.mark({ class: 'editor-remark' }),
};

export const headColours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = marksOf(view.state);
    }
    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = marksOf(update.state);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function marksOf({ doc }: EditorState): DecorationSet {
  const text = doc.sliceString(0, Math.min(doc.length, 20_000));
  const start = text.indexOf('/*---');
  if (start < 0 || text.slice(0, start).trim() !== '') return Decoration.none;
  const from = start + '/*---'.length;
  const end = text.indexOf('---*/', from);
  const marks: Range<Decoration>[] = [];
  yamlLanguage.parser.parse(text.slice(from, end < 0 ? text.length : end)).iterate({
    enter: ({ name, from: first, to }) => {
      const mark = MARKS[name];
      if (!mark || to <= first) return;
      marks.push(mark.range(from + first, from + to));
      // What is inside a key has its colour.
      return false;
    },
  });
  return Decoration.set(marks, true);
}
