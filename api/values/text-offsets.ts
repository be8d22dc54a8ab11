/** PostgreSQL counts characters or UTF-8 bytes, JavaScript counts UTF-16 units: one into the other. */

export interface TextOffsets {
  /** UTF-8 byte offset -> index of the string. */
  fromByte(byte: number): number;
  /** Character (code point) offset -> index of the string. */
  fromCharacter(character: number): number;
}

export function textOffsets(text: string): TextOffsets {
  return {
    fromByte: (byte) => walk(text, byte, (code) => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4)),
    fromCharacter: (character) => walk(text, character, () => 1),
  };
}

function walk(text: string, units: number, size: (code: number) => number): number {
  let index = 0;
  for (let passed = 0; passed < units && index < text.length; ) {
    const code = text.codePointAt(index)!;
    passed += size(code);
    index += code > 0xffff ? 2 : 1;
  }
  return index;
}
