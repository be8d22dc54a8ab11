/**
 * XML of a workbook as tags and texts while it streams by. Knows the five named entities and numbers, nothing that a
 * document could define for itself: a DOCTYPE is refused. Prefixes of names are dropped (x:row is row).
 */
import { WorkbookProblem } from './fault.ts';

export interface XmlHandler {
  /** @param attributes the raw text between the name and the end of the tag, for attributeOf */
  open(name: string, attributes: string): void;
  text(text: string): void;
  close(name: string): void;
}

/** Longer than any tag or text of a workbook (a cell holds 32,767 letters, entities make six of one). */
const PIECE_MAX = 1024 * 1024;
const DEPTH_MAX = 100;

/** @throws WorkbookProblem for a DOCTYPE, and for what is no XML */
export async function* readXml(bytes: AsyncIterable<Buffer>, handler: XmlHandler): AsyncGenerator<void> {
  const parser = xmlParser(handler);
  let decoder: TextDecoder | null = null;
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
    parser.write(decode(decoder, chunk));
    yield;
  }
  parser.write(decoder ? decode(decoder) : '');
  parser.end();
  yield;
}

/** The value of an attribute, its entities read; null when the tag has none of that name. */
export function attributeOf(attributes: string, name: string): string | null {
  for (let at = attributes.indexOf(`${name}=`); at >= 0; at = attributes.indexOf(`${name}=`, at + 1)) {
    const before = at === 0 ? ' ' : attributes[at - 1]!;
    // "r:id" is asked for by its whole name; "id" must not find it.
    if (!/\s/.test(before)) continue;
    const mark = attributes[at + name.length + 1]!;
    const end = mark === '"' || mark === "'" ? attributes.indexOf(mark, at + name.length + 2) : -1;
    if (end < 0) throw new WorkbookProblem('workbook_damaged');
    return withEntities(attributes.slice(at + name.length + 2, end));
  }
  return null;
}

function xmlParser({ open, text, close }: XmlHandler) {
  let rest = '';
  let depth = 0;

  function tag(inner: string): void {
    if (inner.startsWith('/')) {
      if (--depth < 0) throw new WorkbookProblem('workbook_damaged');
      close(localName(inner.slice(1).trimEnd()));
      return;
    }
    const empty = inner.endsWith('/');
    const body = empty ? inner.slice(0, -1) : inner;
    const space = body.search(/\s/);
    const name = localName(space < 0 ? body : body.slice(0, space));
    if (name === '' || ++depth > DEPTH_MAX) throw new WorkbookProblem('workbook_damaged');
    open(name, space < 0 ? '' : body.slice(space));
    if (empty) {
      depth--;
      close(name);
    }
  }

  /** @returns where to go on; -1 when the end has not come yet */
  function markup(source: string, at: number): number {
    if (source.startsWith('<!--', at)) return after(source, '-->', at);
    if (source.startsWith('<![CDATA[', at)) {
      const end = source.indexOf(']]>', at);
      if (end < 0) return -1;
      text(source.slice(at + 9, end));
      return end + 3;
    }
    if (source.startsWith('<?', at)) return after(source, '?>', at);
    if (source.startsWith('<!', at)) {
      if (source.length - at < 9) return -1;
      throw new WorkbookProblem('workbook_doctype');
    }
    const end = tagEnd(source, at + 1);
    if (end < 0) return -1;
    tag(source.slice(at + 1, end));
    return end + 1;
  }

  return {
    write(piece: string): void {
      const source = rest === '' ? piece : rest + piece;
      let at = 0;
      for (;;) {
        const next = source.indexOf('<', at);
        if (next < 0) break;
        if (next > at && depth > 0) text(withEntities(source.slice(at, next)));
        const end = markup(source, next);
        if (end < 0) {
          at = next;
          break;
        }
        at = end;
      }
      rest = source.slice(at);
      if (rest.length > PIECE_MAX) throw new WorkbookProblem('workbook_damaged');
    },
    end(): void {
      if (depth !== 0 || rest.trim() !== '') throw new WorkbookProblem('workbook_damaged');
    },
  };
}

/** The > that ends a tag: not one inside of an attribute's value. In one pass, whatever stands there. */
function tagEnd(source: string, from: number): number {
  let mark = 0;
  for (let at = from; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (mark !== 0) {
      if (code === mark) mark = 0;
    } else if (code === DOUBLE || code === SINGLE) mark = code;
    else if (code === GREATER) return at;
  }
  return -1;
}

const DOUBLE = 34;
const SINGLE = 39;
const GREATER = 62;

function after(source: string, end: string, from: number): number {
  const at = source.indexOf(end, from);
  return at < 0 ? -1 : at + end.length;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const NAMED: { [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function withEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&\s]{0,12});?/g, (whole, name: string) => {
    if (!whole.endsWith(';')) throw new WorkbookProblem('workbook_damaged');
    if (Object.hasOwn(NAMED, name)) return NAMED[name]!;
    const code = /^#x[0-9a-f]{1,6}$/i.test(name)
      ? Number.parseInt(name.slice(2), 16)
      : /^#\d{1,7}$/.test(name)
        ? Number(name.slice(1))
        : -1;
    if (code < 1 || code > 0x10ffff) throw new WorkbookProblem('workbook_damaged');
    return String.fromCodePoint(code);
  });
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function decode(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (error) {
    throw new WorkbookProblem('workbook_damaged', {}, error);
  }
}
