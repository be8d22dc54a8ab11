import { expect, test } from 'vitest';
import type { Predicate } from '../../api/contract.ts';
import { besideIds } from '../../api/records/id-within.ts';
import order_lines from '../../api/resources/order_lines.ts';
import tiers from '../../api/resources/tiers.ts';

test('ids of lines say of which orders they are', () => {
  expect(besideIds(order_lines, { id: { eq: 299_999 } })).toEqual({ order_id: { in: [2] } });
  expect(besideIds(order_lines, { id: { in: [299_999, 200_001, 300_001] } })).toEqual({ order_id: { in: [2, 3] } });
});

test('other filters, and other ids, say nothing', () => {
  for (const filter of [
    { id: { gt: 5 } },
    { id: { ne: 5 } },
    { id: { in: [] } },
    { sku: { eq: 'x' } },
    { and: [] },
  ] as Predicate[])
    expect(besideIds(order_lines, filter)).toBeNull();
  expect(besideIds(tiers, { id: { eq: 5 } })).toBeNull();
});
