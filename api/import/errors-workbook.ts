/** The file of wrong rows as a workbook: the same rows behind the same reasons, made when somebody asks for it. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { withoutGuard } from '../export/csv.ts';
import { rowXml } from '../xlsx/cells.ts';
import { writeWorkbook } from '../xlsx/write.ts';
import { cutRows } from './csv.ts';

/** @param path of the CSV file */
export function errorsWorkbook(path: string): Readable {
  async function* rows(): AsyncGenerator<string> {
    let row_no = 0;
    const text = createReadStream(path, { encoding: 'utf8' });
    for await (const batch of cutRows(text, ',')) {
      let xml = '';
      for (const cells of batch) {
        row_no++;
        const plain = cells.map((cell) => withoutGuard(row_no === 1 ? cell.replace(/^\uFEFF/, '') : cell));
        xml += rowXml(
          row_no,
          plain.map((cell) => ({ text: cell, style: row_no === 1 ? ('header' as const) : ('text' as const) })),
        );
      }
      yield xml;
    }
  }
  return writeWorkbook([{ name: '问题 Problems', header: true, widths: [36, 36], rows: rows() }]);
}
