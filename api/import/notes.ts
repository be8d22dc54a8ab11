/** The row of a template that explains its columns: it stands under the header of a delimited one, and is never data. */

export const NOTES_MARK = ['#说明：', '#Notes: '] as const;

export function isNotesRow(cells: readonly string[]): boolean {
  return NOTES_MARK.some((mark) => cells[0]?.startsWith(mark));
}
