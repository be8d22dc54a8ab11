/**
 * The uploaded file: kept as it came under DATA_DIR/imports, opened as a stream of text. What is read is bounded at every
 * step (bytes uploaded, bytes unpacked), so that a hostile file costs its sender an error and nobody else anything.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Config } from '../config.ts';
import type { ImportFormat } from '../contract.ts';
import { problem } from '../errors.ts';

const MB = 1024 * 1024;
/** Unpacked, a file may be this many times the largest upload. */
const UNPACKED = 10;
/** Small enough that the rows of one piece are parsed in a few milliseconds: in between, other requests are answered. */
const PIECE = 64 * 1024;
const KEPT_MS = 7 * 24 * 3_600_000;

type Place = Pick<Config, 'data_dir' | 'import_max_mb'>;

/** Bytes that may come out of an upload, however small it is itself. */
export function unpackedMax({ import_max_mb }: Pick<Config, 'import_max_mb'>): number {
  return import_max_mb * UNPACKED * MB;
}

export function importPath(
  { data_dir }: Pick<Config, 'data_dir'>,
  id: number,
  kind: 'upload' | 'errors.csv' = 'upload',
): string {
  return join(data_dir, 'imports', `${id}.${kind}`);
}

/** @throws Problem 413 past the limit, 422 for an empty file; then nothing is kept. */
export async function keepUpload(config: Place, id: number, body: ReadableStream<Uint8Array> | null): Promise<void> {
  await mkdir(join(config.data_dir, 'imports'), { recursive: true, mode: 0o700 });
  await sweep(config);
  const path = importPath(config, id);
  const limit = atMost(config.import_max_mb * MB, () =>
    problem(413, 'import_too_large', { max: config.import_max_mb }),
  );
  try {
    await pipeline(
      body ? Readable.fromWeb(body as never) : Readable.from([]),
      limit,
      createWriteStream(path, { mode: 0o600 }),
    );
    if ((await stat(path)).size === 0) throw problem(422, 'import_empty');
  } catch (error) {
    await dropUpload(config, id);
    throw error;
  }
}

export async function dropUpload(config: Pick<Config, 'data_dir'>, id: number): Promise<void> {
  for (const kind of ['upload', 'errors.csv'] as const) await rm(importPath(config, id, kind), { force: true });
}

/** Whether the file is still here: uploads go after a week. */
export async function hasUpload(
  config: Pick<Config, 'data_dir'>,
  id: number,
  kind: 'upload' | 'errors.csv' = 'upload',
): Promise<boolean> {
  return stat(importPath(config, id, kind)).then(
    () => true,
    () => false,
  );
}

/** The file's bytes, unpacked. Errors of the stream are Problems. */
export async function openBytes(config: Place, id: number): Promise<Readable> {
  const path = importPath(config, id);
  const file = createReadStream(path, { highWaterMark: PIECE });
  if (!(await isGzip(path))) return file;
  const max = config.import_max_mb * UNPACKED;
  const limit = atMost(max * MB, () => problem(422, 'import_bomb', { max }));
  const unpacked = createGunzip({ chunkSize: PIECE });
  file.on('error', (error) => limit.destroy(error));
  unpacked.on('error', (error) => limit.destroy(problem(422, 'import_bad_gzip', {}, { cause: error })));
  limit.on('close', () => {
    unpacked.destroy();
    file.destroy();
  });
  return file.pipe(unpacked).pipe(limit);
}

/** The file as text without a byte-order mark, piece by piece. @throws Problem for bytes the encoding does not have */
export async function* openText(config: Place, id: number, encoding: ImportFormat['encoding']): AsyncGenerator<string> {
  const bytes = await openBytes(config, id);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw problem(422, 'import_bad_text', { encoding: encoding.toUpperCase() });
    }
  };
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) yield decode(chunk);
    yield decode();
  } finally {
    bytes.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function atMost(bytes: number, tooMany: () => Error): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length;
      if (seen > bytes) done(tooMany());
      else done(null, chunk);
    },
  });
}

async function sweep({ data_dir }: Pick<Config, 'data_dir'>): Promise<void> {
  const folder = join(data_dir, 'imports');
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && found.mtimeMs < Date.now() - KEPT_MS) await rm(path, { force: true });
  }
}
