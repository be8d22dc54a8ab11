/** Every text in both languages, each key used, each used key there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import en from '../../admin/i18n/en.json' with { type: 'json' };
import zh from '../../admin/i18n/zh.json' with { type: 'json' };

const ADMIN = join(import.meta.dirname, '..', '..', 'admin');
const sources = readdirSync(ADMIN, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('dist'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
const text = sources.join('\n');

/** Whole keys, and the beginnings of keys put together from a value: `op.${operator}`. */
const keys = new Set(Object.keys(zh));
const literal = new Set([...text.matchAll(/'([a-z_]+(?:\.[A-Za-z_]+)*)'/g)].map((match) => match[1] as string));
const beginnings = [...text.matchAll(/`([a-z_]+\.[a-z_]*)\$\{/g)].map((match) => match[1] as string);

test('both languages say the same keys', () => {
  expect(Object.keys(en)).toEqual(Object.keys(zh));
});

test('no text is empty, and both languages name the same parameters', () => {
  const params = (value: string) => [...value.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
  for (const [key, value] of Object.entries(zh)) {
    const other = (en as { [key: string]: string })[key] ?? '';
    expect(value.length * other.length, key).toBeGreaterThan(0);
    expect(params(other), key).toEqual(params(value));
  }
});

test('every key is used', () => {
  const stem = (key: string) => key.replace(/_(one|other)$/, '');
  const unused = [...keys].filter(
    (key) => !literal.has(key) && !literal.has(stem(key)) && !beginnings.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

test('every key that is asked for exists', () => {
  const asked = [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] as string);
  const chosen = [...text.matchAll(/\bt\([^'`)]*\? '([^']+)' : '([^']+)'/g)].flatMap(
    (match) => [match[1], match[2]] as string[],
  );
  expect([...asked, ...chosen].filter((key) => !keys.has(key) && !keys.has(`${key}_other`))).toEqual([]);
});

test('Chinese texts are Chinese', () => {
  const latin = Object.entries(zh).filter(
    ([, value]) => !/\p{Script=Han}/u.test(value) && /[A-Za-z]{3}/.test(value.replace(/\{\{\w+\}\}/g, '')),
  );
  expect(latin).toEqual([]);
});
