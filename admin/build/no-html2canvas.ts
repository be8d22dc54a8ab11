/** In place of html2canvas, which G2 loads to draw HTML inside charts. Reports draw none. */
export default function noHtml2canvas(): never {
  throw new Error('Charts draw no HTML');
}
