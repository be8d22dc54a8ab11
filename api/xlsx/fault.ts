/** A workbook that cannot be read, with what is said about it. */
export type WorkbookFault =
  | 'workbook_damaged'
  | 'workbook_encrypted'
  | 'workbook_old'
  | 'workbook_bad_names'
  | 'workbook_too_many_entries'
  | 'workbook_bomb'
  | 'workbook_doctype'
  | 'workbook_no_sheet'
  | 'workbook_too_many_texts'
  | 'workbook_too_many_rows'
  | 'workbook_too_many_columns';

export class WorkbookProblem extends Error {
  readonly key: WorkbookFault;
  readonly params: { [name: string]: number | string };
  constructor(key: WorkbookFault, params: WorkbookProblem['params'] = {}, cause?: unknown) {
    super(key, { cause });
    this.key = key;
    this.params = params;
  }
}
