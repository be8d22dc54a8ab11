/** COPY's lines on their way out, counted; those of a delimited file end as RFC 4180 wants them. */
import { Transform } from 'node:stream';

export interface Counted {
  rows: number;
}

const NEWLINE = 10;

/** Line ends outside of quotation marks become \r\n; those inside belong to the text. */
export function csvLines(counted: Counted, header: string): Transform {
  let quoted = false;
  return counting(header, (chunk) => {
    // One letter a byte: UTF-8 has no byte of a mark or a line end inside of its letters.
    const parts = chunk.toString('latin1').split('"');
    for (let at = 0; at < parts.length; at++) {
      if (!quoted) {
        const lines = parts[at]!.split('\n');
        if (lines.length > 1) {
          counted.rows += lines.length - 1;
          parts[at] = lines.join('\r\n');
        }
      }
      if (at < parts.length - 1) quoted = !quoted;
    }
    return Buffer.from(parts.join('"'), 'latin1');
  });
}

/** A line is a row: the texts in it have no line ends of their own, and no backslashes that COPY would double. */
export function sheetLines(counted: Counted, header: string): Transform {
  return counting(header, (chunk) => {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) counted.rows++;
    return chunk;
  });
}

function counting(header: string, pass: (chunk: Buffer) => Buffer): Transform {
  const stream = new Transform({
    highWaterMark: 256 * 1024,
    transform(chunk: Buffer, _, done) {
      done(null, pass(chunk));
    },
  });
  stream.push(header);
  return stream;
}
