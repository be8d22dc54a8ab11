/**
 * The file of a backup: gzip over a head, the rows of each table as Postgres copies them, and an end with a checksum.
 *
 *   evergreen backup 1\n
 *   H <json>\n                    BackupHead
 *   T <json {name, columns}>\n    a table begins
 *   D <bytes>\n<bytes>            some of its rows
 *   Z <json>\n                    BackupEnd; sha256 is over every byte before this line
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { StartError } from '../config.ts';

const MAGIC = 'evergreen backup 1\n';
const LINE_LIMIT = 1_000_000;

export interface BackupHead {
  taken_at: string;
  /** Of the release that made the file. */
  version: string;
  migrations: { number: number; name: string; hash: string }[];
}
export interface BackupTable {
  name: string;
  columns: string[];
}
export interface BackupEnd {
  rows: { [table: string]: number };
  sequences: { [name: string]: number };
}
export type Part =
  | { kind: 'head'; head: BackupHead }
  | { kind: 'table'; table: BackupTable }
  | { kind: 'rows'; bytes: Buffer }
  | { kind: 'end'; end: BackupEnd };

/** Parts to the bytes of a file, not yet compressed. */
export async function* encode(parts: AsyncIterable<Part>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const hashed = (bytes: Buffer) => {
    hash.update(bytes);
    return bytes;
  };
  yield hashed(Buffer.from(MAGIC));
  for await (const part of parts) {
    if (part.kind === 'head') yield hashed(Buffer.from(`H ${JSON.stringify(part.head)}\n`));
    if (part.kind === 'table') yield hashed(Buffer.from(`T ${JSON.stringify(part.table)}\n`));
    if (part.kind === 'rows') {
      yield hashed(Buffer.from(`D ${part.bytes.length}\n`));
      yield hashed(part.bytes);
    }
    if (part.kind === 'end') yield Buffer.from(`Z ${JSON.stringify({ ...part.end, sha256: hash.digest('hex') })}\n`);
  }
}

/** @throws StartError when the file is not a backup, is cut short or was changed; the checksum is the last thing read. */
export async function* decode(path: string): AsyncGenerator<Part> {
  const gunzip = createGunzip();
  const source = createReadStream(path);
  source.on('error', (error) => gunzip.destroy(error));
  const reader = read(source.pipe(gunzip) as AsyncIterable<Buffer>);
  const damaged = (why: string) => new StartError(`${path} cannot be restored: ${why}.`);
  const hash = createHash('sha256');
  try {
    if ((await reader.line()) !== MAGIC.trimEnd()) throw damaged('it is not a backup of this product');
    hash.update(MAGIC);
    for (;;) {
      const line = await reader.line();
      const [kind, rest] = [line.slice(0, 2), line.slice(2)];
      if (kind === 'Z ') {
        const { sha256, ...end } = JSON.parse(rest) as BackupEnd & { sha256: string };
        if (sha256 !== hash.digest('hex')) throw damaged('its checksum does not match');
        yield { kind: 'end', end };
        return;
      }
      hash.update(`${line}\n`);
      if (kind === 'H ') yield { kind: 'head', head: JSON.parse(rest) as BackupHead };
      else if (kind === 'T ') yield { kind: 'table', table: JSON.parse(rest) as BackupTable };
      else if (kind === 'D ') {
        const bytes = await reader.bytes(Number(rest));
        hash.update(bytes);
        yield { kind: 'rows', bytes };
      } else throw damaged('it is damaged');
    }
  } catch (error) {
    const { code } = error as { code?: string };
    if (error instanceof StartError) throw error;
    if (code === 'ENOENT') throw damaged('there is no such file');
    if (code?.startsWith('Z_') || error instanceof SyntaxError || error instanceof Cut) {
      throw damaged('it is damaged or cut short');
    }
    throw error;
  } finally {
    source.destroy();
  }
}

class Cut extends Error {}

/** Takes lines and counted bytes from a stream. */
function read(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  async function more(): Promise<void> {
    const next = await chunks.next();
    if (next.done) throw new Cut();
    rest = Buffer.concat([rest, next.value]);
  }
  return {
    async line(): Promise<string> {
      let end = rest.indexOf(10);
      while (end < 0) {
        if (rest.length > LINE_LIMIT) throw new Cut();
        await more();
        end = rest.indexOf(10);
      }
      const line = rest.subarray(0, end).toString();
      rest = rest.subarray(end + 1);
      return line;
    },
    async bytes(count: number): Promise<Buffer> {
      while (rest.length < count) await more();
      const bytes = rest.subarray(0, count);
      rest = rest.subarray(count);
      return bytes;
    },
  };
}
