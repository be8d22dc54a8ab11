/** The fields that blocks of pages are made of: every text once in Chinese and once in English, links that lead nowhere harmful. */
import type { Field, Json, Pair } from '../contract.ts';
import { f } from '../definition.ts';

/** A whole https address, a path of this site, or a place on the page. No other scheme is a link. */
export const LINK =
  '^(https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][^\\s<>"\\\\]*)?|/([^\\s<>"\\\\/][^\\s<>"\\\\]*)?|#[a-z][a-z0-9_]*)$';
const PICTURE = '^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?/[^\\s<>"\\\\]+$';

/** What a block holds several of; none where something else stands there. */
export const listIn = <T extends Json>(value: Json | undefined): T[] => (Array.isArray(value) ? (value as T[]) : []);

type Fields = { [name: string]: Field };

/** A line in Chinese, and in English as `<name>_en`: the Chinese one is shown where that is empty. */
export function line(name: string, [zh, en]: Pair, { max, required }: { max: number; required?: true }): Fields {
  return {
    [name]: f.text({ label: [zh, en], max, ...(required ? { required } : {}) }),
    [`${name}_en`]: f.text({ label: [`${zh}（英文）`, `${en} (English)`], max }),
  };
}

/** The same of several lines. */
export function lines(
  name: string,
  [zh, en]: Pair,
  { max, required, help }: { max: number; required?: true; help?: Pair },
): Fields {
  const of = { max, ...(help ? { help } : {}) };
  return {
    [name]: f.longtext({ label: [zh, en], ...of, ...(required ? { required } : {}) }),
    [`${name}_en`]: f.longtext({ label: [`${zh}（英文）`, `${en} (English)`], ...of }),
  };
}

/** The heading that most blocks begin with. */
export const heading = (): Fields => line('title', ['标题', 'Heading'], { max: 60 });
/** What stands under it. */
export const intro = (): Fields => lines('text', ['说明', 'Text'], { max: 300 });

/** A button: what it says and where it leads. */
export function action(): Fields {
  return {
    ...line('action', ['按钮文字', 'Button'], { max: 20 }),
    action_link: f.text({
      label: ['按钮链接', 'Leads to'],
      max: 500,
      pattern: LINK,
      help: [
        'https:// 开头的地址、本站路径，或 #区块编码',
        'An https:// address, a path of this site, or # and the code of a block',
      ],
    }),
  };
}

export function picture(): Fields {
  return {
    picture: f.text({
      label: ['图片地址', 'Picture'],
      max: 500,
      pattern: PICTURE,
      help: ['https:// 开头，建议宽 1200 像素以内', 'An https:// address; at most 1,200 pixels wide is best'],
    }),
    ...line('picture_alt', ['图片说明', 'What it shows'], { max: 120 }),
  };
}

/** @returns the link as it may stand in a page; null for what is none */
export function safeLink(value: unknown): string | null {
  return typeof value === 'string' && value.length <= 2000 && new RegExp(LINK, 'u').test(value) ? value : null;
}

export function safePicture(value: unknown): string | null {
  return typeof value === 'string' && value.length <= 2000 && new RegExp(PICTURE, 'u').test(value) ? value : null;
}
