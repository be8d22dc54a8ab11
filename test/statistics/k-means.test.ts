/** Groups against figures worked out by hand. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestClusters, kMeans, type Point } from '../../api/statistics/k-means.ts';

test('two heaps are told apart, each by its mean', () => {
  const points: Point[] = [
    [1, 1],
    [2, 1],
    [1, 2],
    [9, 9],
    [10, 9],
    [9, 10],
  ];
  const found = kMeans(points, 2);
  expect(found.groups).toEqual([0, 0, 0, 1, 1, 1]);
  expect(found.centres).toEqual([
    [4 / 3, 4 / 3],
    [28 / 3, 28 / 3],
  ]);
  // In each heap 2/9 + 5/9 + 5/9.
  expect(found.within).toBeCloseTo(8 / 3, 12);
});

test('as many groups as there are heaps explain the points best', () => {
  const heaps = [0, 10, 20].flatMap((at): Point[] => [
    [at, at],
    [at + 1, at],
    [at, at + 1],
    [at + 1, at + 1],
  ]);
  const best = bestClusters(heaps, [2, 6]);
  expect(best!.centres).toEqual([
    [0.5, 0.5],
    [10.5, 10.5],
    [20.5, 20.5],
  ]);
  // Each point 0.5 from its centre: 12 x 0.5; in all 12 x 0.5 + 8 x 200.
  expect(best!.explained).toBeCloseTo(1600 / 1606, 12);
});

test('points that are all the same are one group, and too few none', () => {
  expect(bestClusters([[1], [1], [1], [1]], [2, 3])).toBeNull();
  expect(bestClusters([[1], [2]], [2, 3])).toBeNull();
});

test('whatever the points: each is nearest to its own centre, and again is the same', () => {
  const points = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 4,
    maxLength: 40,
  });
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 4 }), (given, count) => {
      const found = kMeans(given, count);
      expect(kMeans(given, count)).toEqual(found);
      const far = (point: Point, centre: Point) => centre.reduce((sum, each, at) => sum + (each - point[at]!) ** 2, 0);
      for (const [at, point] of given.entries()) {
        const own = far(point, found.centres[found.groups[at]!]!);
        for (const centre of found.centres) expect(own).toBeLessThanOrEqual(far(point, centre) + 1e-9);
      }
    }),
    { numRuns: 60 },
  );
});
