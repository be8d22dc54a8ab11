/** The cell formats that our workbooks use, by the number a cell names them with. */

/** `text` keeps identifiers as they are: spreadsheets neither drop their zeros nor round them. */
export const STYLE = {
  general: 0,
  text: 1,
  money: 2,
  date: 3,
  time: 4,
  header: 5,
  integer: 6,
  percent: 7,
  note: 8,
  title: 9,
  rate: 10,
} as const;
export type StyleName = keyof typeof STYLE;

// In the order of STYLE: number format, font, fill, alignment.
const FORMATS: readonly (readonly [format: number, font: number, fill: number, wrap: boolean])[] = [
  [0, 0, 0, false],
  [49, 0, 0, false],
  [4, 0, 0, false],
  [164, 0, 0, false],
  [165, 0, 0, false],
  [49, 1, 2, false],
  [1, 0, 0, false],
  [166, 0, 0, false],
  [49, 0, 0, true],
  [49, 1, 0, false],
  [10, 0, 0, false],
];

export const STYLES_XML = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="0.##%"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFEEF3EF"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${FORMATS.length}">${FORMATS.map(xf).join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

function xf([format, font, fill, wrap]: (typeof FORMATS)[number]): string {
  const attributes = `numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1"${font ? ' applyFont="1"' : ''}${fill ? ' applyFill="1"' : ''}`;
  return wrap
    ? `<xf ${attributes} applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>`
    : `<xf ${attributes}/>`;
}
