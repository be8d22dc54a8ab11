/** The one style sheet of campaign pages, in the page itself: 390 px first, wider from there. */
import { createHash } from 'node:crypto';

/** Each with white and on white at 7:1 or better, and its tint. */
const ACCENTS = {
  green: ['#17523b', '#e9f3ee'],
  red: ['#8f1d1d', '#faeceb'],
  blue: ['#1a4478', '#e9f0f8'],
  violet: ['#54307d', '#f2edf8'],
  brown: ['#643c16', '#f7f0e8'],
} as const;

const RULES = `
*{box-sizing:border-box;margin:0}
body{font:16px/1.65 system-ui,-apple-system,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1d2321;background:#fff;overflow-wrap:break-word}
a{color:var(--a);text-underline-offset:3px}
:focus-visible{outline:3px solid var(--a);outline-offset:3px;border-radius:6px}
header,footer,section>div.in{max-width:1080px;margin:auto;padding:0 20px}
header{display:flex;justify-content:space-between;align-items:center;gap:16px;min-height:56px}
header p{font-weight:600}
header a,footer a{display:inline-block;padding:10px 0}
section{padding:36px 0;scroll-margin-top:12px}
section:nth-of-type(even){background:var(--t)}
h1{font-size:30px;line-height:1.25;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:23px;line-height:1.35;margin-bottom:14px;text-wrap:balance}
h3{font-size:18px;margin:20px 0 6px}
.in>p{max-width:44em;margin-bottom:14px}
ul,ol{padding:0;list-style:none}
.small{font-size:14px;color:#515a56}
.hint{font-size:15px;color:#434b48;border-inline-start:3px solid var(--a);padding-inline-start:12px}
.button{display:inline-flex;align-items:center;justify-content:center;min-height:48px;padding:10px 28px;border:0;border-radius:24px;background:var(--a);color:#fff;font-family:inherit;font-size:16px;font-weight:600;line-height:1.3;text-decoration:none;cursor:pointer}
.button:hover{filter:brightness(1.15)}
.k-hero,section.k-hero:nth-of-type(even){background:radial-gradient(circle at 92% 8%,#ffffff26,transparent 46%),var(--a);color:#fff;padding:48px 0 52px}
.k-hero .in{display:grid;gap:28px}
.k-hero .lead{font-size:18px;margin:14px 0 24px;max-width:34em;text-wrap:pretty}
.k-hero .kicker{font-weight:600;font-size:15px;margin-bottom:10px;letter-spacing:.06em}
.k-hero .button{background:#fff;color:var(--a)}
.k-hero :focus-visible{outline-color:#fff}
.k-hero img{width:100%;height:auto;border-radius:16px;object-fit:cover;background:var(--t)}
.steps{display:grid;gap:12px;counter-reset:s}
.steps li{counter-increment:s;position:relative;background:#fff;border:1px solid #d8dfdb;border-radius:14px;padding:16px 18px 16px 58px;display:grid;gap:4px}
.steps li::before{content:counter(s);position:absolute;inset-inline-start:16px;top:16px;width:28px;height:28px;border-radius:50%;background:var(--t);color:var(--a);font-weight:700;display:grid;place-items:center}
.steps .done::before{content:"✓";background:var(--a);color:#fff}
.step-name{font-weight:600}
progress{appearance:none;width:100%;height:10px;border:0;border-radius:5px;background:#dfe5e2;overflow:hidden}
progress::-webkit-progress-bar{background:#dfe5e2;border-radius:5px}
progress::-webkit-progress-value{background:var(--a);border-radius:5px}
progress::-moz-progress-bar{background:var(--a)}
.steps+.hint,.card-list+.hint{margin-top:16px}
.balance strong{font-size:40px;line-height:1.1;color:var(--a);font-variant-numeric:tabular-nums}
.chip{display:inline-block;border:1px solid var(--a);color:var(--a);border-radius:12px;padding:0 10px;font-size:14px;margin-inline-start:8px}
.coupon{display:grid;gap:4px;background:#fff;border:2px dashed var(--a);border-radius:14px;padding:18px 20px;margin-bottom:16px;max-width:480px}
.coupon strong{font-size:20px;color:var(--a)}
.ok{font-weight:600;color:var(--a)}
.ok code{font-size:18px;letter-spacing:.04em}
.note{background:#fff;border:1px solid #8f1d1d;color:#8f1d1d;border-radius:10px;padding:10px 14px}
.card-list{display:grid;gap:0 28px;border:1px solid #d8dfdb;border-radius:16px;background:#fff;padding:8px 20px}
.card-list li{display:flex;justify-content:space-between;gap:12px;padding:10px 0;border-bottom:1px solid #e6ebe8}
.card-list li:last-child{border:0}
.card-list .small{white-space:nowrap}
.products{display:grid;gap:14px;grid-template-columns:1fr 1fr}
.products a,.products div{display:grid;align-content:start;gap:4px;height:100%;background:#fff;color:inherit;border:1px solid #d8dfdb;border-radius:14px;padding:16px;text-decoration:none}
.products a:hover{border-color:var(--a)}
.price{color:var(--a);font-weight:700;font-variant-numeric:tabular-nums;margin-top:auto}
.prose{max-width:44em}
.prose p,.prose ul{margin-bottom:12px}
.prose li{position:relative;padding-inline-start:20px}
.prose li::before{content:"";position:absolute;inset-inline-start:4px;top:.7em;width:6px;height:6px;border-radius:50%;background:var(--a)}
.figures{display:grid;gap:24px 16px;grid-template-columns:1fr 1fr}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dd{font-size:30px;line-height:1.2;font-weight:700;color:var(--a);font-variant-numeric:tabular-nums}
.figures dt{font-size:15px;color:#434b48}
.figures+.small{margin-top:16px}
footer{padding-top:24px;padding-bottom:40px;font-size:14px;color:#515a56}
@media(min-width:600px){h1{font-size:38px}h2{font-size:26px}section{padding:48px 0}.products{grid-template-columns:repeat(3,1fr)}.figures{grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}.card-list{grid-template-columns:1fr 1fr}.card-list li:nth-last-child(2):nth-child(odd){border:0}.k-hero,section.k-hero:nth-of-type(even){padding:64px 0}}
@media(min-width:1024px){h1{font-size:46px}section{padding:60px 0}.products{grid-template-columns:repeat(4,1fr)}.steps{grid-template-columns:repeat(auto-fit,minmax(300px,1fr))}.k-hero .in:has(img){grid-template-columns:1.1fr 1fr;align-items:center}.k-hero .lead{font-size:20px}}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{.button{border:1px solid}}
`;

export const STYLE = [
  ...Object.entries(ACCENTS).map(([name, [accent, tint]]) => `.a-${name}{--a:${accent};--t:${tint}}`),
  RULES.replace(/\n/g, ''),
].join('');

/** For the Content-Security-Policy: no other style may stand in the page. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

export const isAccent = (name: unknown): name is keyof typeof ACCENTS =>
  typeof name === 'string' && Object.hasOwn(ACCENTS, name);
