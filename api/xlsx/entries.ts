/**
 * The parts of a workbook's archive, read by its directory and never unpacked to disk. What is inflated is counted over all
 * parts together, so that neither one part nor many can cost more than the limit; names are refused before anything is read.
 */
import type { Readable } from 'node:stream';
import { type Entry, open as openZip, type ZipFile } from 'yauzl';
import { WorkbookProblem } from './fault.ts';

export interface Entries {
  has(path: string): boolean;
  /** The part's bytes, piece by piece. @throws WorkbookProblem */
  read(path: string): AsyncIterable<Buffer>;
  /** Counts what comes out of the file otherwise. @throws WorkbookProblem past the limit */
  count(bytes: number): void;
  close(): void;
}

const ENTRIES_MAX = 5_000;
/** Honest sheets shrink by ten to fifty; deflate can shrink nothing by more than about a thousand. */
const RATIO_MAX = 400;
const RATIO_FROM = 1024 * 1024;
const STORED = 0;
const DEFLATED = 8;

/** @param inflated_max bytes of all parts that are read, together */
export async function openEntries(path: string, inflated_max: number): Promise<Entries> {
  const zip = await opened(path);
  try {
    const entries = await directory(zip);
    let inflated = 0;
    const count = (bytes: number) => {
      inflated += bytes;
      if (inflated > inflated_max) {
        throw new WorkbookProblem('workbook_bomb', { max: Math.round(inflated_max / 1024 / 1024) });
      }
    };
    return {
      has: (name) => entries.has(name),
      read: (name) => readEntry(zip, entries.get(name), { count, inflated_max }),
      count,
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function opened(path: string): Promise<ZipFile> {
  return new Promise((done, failed) => {
    openZip(path, { lazyEntries: true, autoClose: false, strictFileNames: true }, (error, zip) => {
      if (error) failed(new WorkbookProblem('workbook_damaged', {}, error));
      else done(zip);
    });
  });
}

function directory(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > ENTRIES_MAX) throw new WorkbookProblem('workbook_too_many_entries', { max: ENTRIES_MAX });
  const entries = new Map<string, Entry>();
  return new Promise((done, failed) => {
    zip.on('error', (error: Error) => {
      const names = /invalid relative path|absolute path|invalid characters/.test(error.message);
      failed(new WorkbookProblem(names ? 'workbook_bad_names' : 'workbook_damaged', {}, error));
    });
    zip.on('entry', (entry: Entry) => {
      if (entries.has(entry.fileName)) return failed(new WorkbookProblem('workbook_damaged'));
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.on('end', () => done(entries));
    zip.readEntry();
  });
}

async function* readEntry(
  zip: ZipFile,
  entry: Entry | undefined,
  { count, inflated_max }: { count(bytes: number): void; inflated_max: number },
): AsyncGenerator<Buffer> {
  if (!entry) throw new WorkbookProblem('workbook_damaged');
  if (entry.isEncrypted()) throw new WorkbookProblem('workbook_encrypted');
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) throw new WorkbookProblem('workbook_damaged');
  if (uncompressedSize > RATIO_FROM && uncompressedSize / Math.max(compressedSize, 1) > RATIO_MAX) {
    throw new WorkbookProblem('workbook_bomb', { max: Math.round(inflated_max / 1024 / 1024) });
  }
  const bytes = await new Promise<NodeJS.ReadableStream>((done, failed) => {
    zip.openReadStream(entry, (error, stream) =>
      error ? failed(new WorkbookProblem('workbook_damaged', {}, error)) : done(stream),
    );
  });
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      count(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof WorkbookProblem ? error : new WorkbookProblem('workbook_damaged', {}, error);
  } finally {
    (bytes as Readable).destroy();
  }
}
