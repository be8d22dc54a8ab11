/** Groups of points that lie near each other (Lloyd's algorithm). Nothing is drawn by chance: the same points give the same groups. */

export type Point = readonly number[];

export interface Clusters {
  /** Where the groups lie, in the order they were begun in. */
  centres: Point[];
  /** Of each point, the place of its group in `centres`. */
  groups: number[];
  /** Squared distances of the points from their centres, added up. */
  within: number;
}

const ROUNDS_MAX = 100;

/**
 * @param points each of as many numbers, of like spread
 * @param count how many groups to begin with; a group that nobody is nearest to is left out
 */
export function kMeans(points: readonly Point[], count: number): Clusters {
  let found = assign(points, beginnings(points, count));
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const next = assign(points, means(points, found));
    const settled = next.groups.every((group, at) => group === found.groups[at]);
    found = next;
    if (settled) break;
  }
  return found;
}

/**
 * As many groups as tell the points apart best, by Calinski and Harabasz: how far the groups lie from each other, beside how
 * far their points lie from them, each by its degrees of freedom.
 * @param between the least and most groups to try
 * @returns null where there are not more points than the least
 */
export function bestClusters(
  points: readonly Point[],
  [least, most]: readonly [number, number],
): (Clusters & { explained: number }) | null {
  const total = assign(points, [meanOf(points)]).within;
  let best: (Clusters & { explained: number; index: number }) | null = null;
  for (let count = least; count <= most && count < points.length; count++) {
    const found = kMeans(points, count);
    const groups = found.centres.length;
    if (groups < 2) continue;
    const index =
      found.within === 0
        ? Number.POSITIVE_INFINITY
        : (total - found.within) / (groups - 1) / (found.within / (points.length - groups));
    if (!best || index > best.index) {
      best = { ...found, index, explained: total === 0 ? 0 : 1 - found.within / total };
    }
  }
  return best && { centres: best.centres, groups: best.groups, within: best.within, explained: best.explained };
}

/** The points in equal parts along the sum of their numbers: the means of the parts. */
function beginnings(points: readonly Point[], count: number): Point[] {
  const sums = points.map((point) => point.reduce((sum, each) => sum + each, 0));
  const order = points.map((_, at) => at).sort((one, other) => sums[one]! - sums[other]! || one - other);
  return Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * points.length) / count);
    const until = Math.floor(((part + 1) * points.length) / count);
    return meanOf(order.slice(from, until).map((at) => points[at]!));
  });
}

function assign(points: readonly Point[], centres: Point[]): Clusters {
  let within = 0;
  const groups = points.map((point) => {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < centres.length; at++) {
      const distance = squaredDistance(point, centres[at]!);
      if (distance < least) {
        least = distance;
        nearest = at;
      }
    }
    within += least;
    return nearest;
  });
  return { centres, groups, within };
}

function means(points: readonly Point[], { centres, groups }: Clusters): Point[] {
  const sums = centres.map((centre) => centre.map(() => 0));
  const counts = centres.map(() => 0);
  for (const [at, point] of points.entries()) {
    const group = groups[at]!;
    counts[group]!++;
    for (const [axis, value] of point.entries()) sums[group]![axis]! += value;
  }
  return sums.flatMap((sum, group) => (counts[group] ? [sum.map((each) => each / counts[group]!)] : []));
}

function meanOf(points: readonly Point[]): Point {
  const [first] = points;
  if (!first) return [];
  return first.map((_, axis) => points.reduce((sum, point) => sum + point[axis]!, 0) / points.length);
}

function squaredDistance(one: Point, other: Point): number {
  let sum = 0;
  for (let axis = 0; axis < one.length; axis++) sum += (one[axis]! - other[axis]!) ** 2;
  return sum;
}
