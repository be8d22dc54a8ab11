/**
 * Passwords that are tried first. A short list of stems does what a list of a million words does: guesses are a stem
 * with digits and signs around it, written with 0 for o, or a run of the keyboard.
 */

const STEMS = new Set(
  `my our the password passwort passw pass word welcome letmein iloveyou loveyou love admin administrator root test testing tester
   user guest demo default changeme change temp temporary secret login master hello monkey dragon football baseball
   basketball superman batman sunshine princess shadow michael jordan charlie freedom whatever trustno starwars pokemon
   computer internet samsung google facebook microsoft windows apple iphone android company office work manager
   staff evergreen changqing loyalty member huiyuan console mima wodemima woaini woaiwojia aini baobei laopo laogong
   mama baba zhongguo china beijing shanghai shenzhen guangzhou taobao alipay zhifubao weixin wechat qwer asdf zxcv
   qwerty qwertz azerty asdfgh asdfghjkl zxcvbn zxcvbnm qwertyuiop qazwsx qazwsxedc abc abcd abcdef abcdefg summer
   winter spring autumn january february march april june july august september october november december monday
   tuesday wednesday thursday friday saturday sunday 常青 密码 我爱你 管理员 会员`.split(/\s+/),
);

const RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
];

const LOOKALIKES: { [sign: string]: string } = { '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '@': 'a', $: 's' };

/**
 * True for what a guesser tries in the first few thousand attempts: few different characters, a repetition, a keyboard or number run,
 * digits only (a phone number, a birthday), a common word with decoration, or the person's own name or address.
 */
export function tooGuessable(password: string, about: readonly string[]): boolean {
  const text = password.toLowerCase();
  if (new Set(text).size < 5) return true;
  if (/^(.{1,5})\1+$/u.test(text)) return true;
  if (/^[\d\s.\-/+]+$/.test(text) && text.replace(/\D/g, '').length < 16) return true;
  if (mostlyRuns(text)) return true;
  const words = [stem(text), stem(unmasked(text))];
  if (words.some((word) => STEMS.has(word) || composed(word))) return true;
  return about
    .flatMap(parts)
    .some((part) => words.includes(part) || (text.includes(part) && text.length - part.length < 4));
}

/** The letters in the middle of "!!Password2026". */
function stem(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '').replace(/[\s._\-!@#]+/g, '');
}

function unmasked(text: string): string {
  const tail = text.replace(/[\d\W_]+$/u, '');
  return [...(tail.length > 3 ? tail : text)].map((sign) => LOOKALIKES[sign] ?? sign).join('');
}

/** Two stems in a row: "adminpassword". */
function composed(word: string): boolean {
  for (let cut = 2; cut <= word.length - 2; cut++) {
    if (STEMS.has(word.slice(0, cut)) && STEMS.has(word.slice(cut))) return true;
  }
  return false;
}

/** What remains after taking out runs of four and more is too short to matter. */
function mostlyRuns(text: string): boolean {
  let rest = text;
  for (const line of RUNS.flatMap((run) => [run, [...run].reverse().join('')])) {
    for (let length = Math.min(line.length, rest.length); length >= 4; length--) {
      for (let at = 0; at + length <= line.length; at++) rest = rest.replace(line.slice(at, at + length), '');
    }
  }
  return rest.length < 4;
}

/** "li.wei@shop.example" gives "li.wei", "liwei", "shop"; short pieces prove nothing. */
function parts(about: string): string[] {
  const lower = about.toLowerCase();
  const [local = '', domain = ''] = lower.split('@');
  const joined = local.replace(/[\s._-]+/g, '');
  return [lower, local, joined, domain.split('.')[0] ?? ''].filter((part) => part.length >= 4);
}
