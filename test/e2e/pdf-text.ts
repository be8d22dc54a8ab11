/** The text of a PDF as Chromium writes it, page by page, by what its fonts say of their glyphs. For tests: it reads no other PDF. */
import { inflateSync } from 'node:zlib';

interface PdfObject {
  head: string;
  stream: string | null;
}

/** What the glyphs of a font stand for, by their codes in hexadecimal. */
type Letters = ReadonlyMap<string, string>;

/** @returns what each page says, in the order in which it was painted */
export function pagesOf(file: Buffer): string[] {
  const objects = objectsOf(file.toString('latin1'));
  const kids = (id: number): number[] => {
    const { head } = objects.get(id)!;
    if (!/\/Type \/Pages\b/.test(head)) return [id];
    const list = /\/Kids \[([^\]]*)\]/.exec(head)![1]!;
    return [...list.matchAll(/(\d+) 0 R/g)].flatMap(([, kid]) => kids(Number(kid)));
  };
  const root = [...objects].find(([, { head }]) => /\/Type \/Catalog\b/.test(head))![1];
  const fonts = new Map<string, Letters>();
  const letters = (name: string): Letters => {
    const known = fonts.get(name) ?? lettersOf(objects, Number(name));
    fonts.set(name, known);
    return known;
  };
  return kids(Number(/\/Pages (\d+) 0 R/.exec(root.head)![1])).map((page) => {
    const content = /\/Contents (\d+) 0 R/.exec(objects.get(page)!.head)![1];
    return painted(objects.get(Number(content))!.stream ?? '', letters);
  });
}

function objectsOf(text: string): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  for (const { 1: id, 2: body } of text.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const at = body!.indexOf('>> stream\n');
    const head = at < 0 ? body! : body!.slice(0, at);
    const bytes = at < 0 ? null : Buffer.from(body!.slice(at + 10).replace(/\nendstream$/, ''), 'latin1');
    const stream = bytes && (/\/FlateDecode/.test(head) ? inflated(bytes) : bytes.toString('latin1'));
    objects.set(Number(id), { head, stream });
  }
  return objects;
}

function inflated(bytes: Buffer): string {
  try {
    return inflateSync(bytes).toString('latin1');
  } catch {
    // A picture, or a font file that holds the words that we look for.
    return '';
  }
}

function lettersOf(objects: ReadonlyMap<number, PdfObject>, font: number): Letters {
  const letters = new Map<string, string>();
  const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font)?.head ?? '')?.[1];
  const cmap = objects.get(Number(map))?.stream ?? '';
  const utf16 = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le');
  for (const [, block] of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyph, said] of block!.matchAll(/<(\w+)> <(\w+)>/g)) letters.set(glyph!, utf16(said!));
  }
  for (const [, block] of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from, to, said] of block!.matchAll(/<(\w+)> <(\w+)> <(\w+)>/g)) {
      const [first, last] = [parseInt(from!, 16), parseInt(to!, 16)];
      const code = utf16(said!).codePointAt(0)!;
      for (let glyph = first; glyph <= last; glyph++)
        letters.set(
          glyph.toString(16).toUpperCase().padStart(from!.length, '0'),
          String.fromCodePoint(code + glyph - first),
        );
    }
  }
  return letters;
}

function painted(content: string, letters: (font: string) => Letters): string {
  let font: Letters = new Map();
  let said = '';
  for (const [, name, hex] of content.matchAll(/\/F(\d+) [\d.]+ Tf|<([0-9A-F]+)>/g)) {
    if (name !== undefined) font = letters(name);
    else if (hex !== undefined) {
      const length = [...font.keys()][0]?.length ?? 4;
      for (let at = 0; at < hex.length; at += length) said += font.get(hex.slice(at, at + length)) ?? '';
    }
  }
  return said;
}
