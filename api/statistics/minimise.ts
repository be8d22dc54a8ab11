/** Nelder and Mead's downhill simplex with their own coefficients: no derivatives, a handful of parameters. */

interface Vertex {
  at: number[];
  value: number;
}

const FIRST_STEP = 0.5;
const ROUNDS_MAX = 5_000;

/**
 * The point at which a function is least, found from a first guess.
 * @param value a point where it is not a number is taken as infinitely bad
 * @param tolerance how far apart the values at the corners may be at the end
 */
export function minimise(
  value: (at: readonly number[]) => number,
  from: readonly number[],
  tolerance = 1e-9,
): number[] {
  const vertex = (at: number[]): Vertex => {
    const found = value(at);
    return { at, value: Number.isNaN(found) ? Number.POSITIVE_INFINITY : found };
  };
  const corners = [
    vertex([...from]),
    ...from.map((_, axis) => vertex(from.map((each, at) => (at === axis ? each + FIRST_STEP : each)))),
  ];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    corners.sort((one, other) => one.value - other.value);
    const best = corners[0]!;
    const worst = corners.at(-1)!;
    if (worst.value - best.value <= tolerance * (1 + Math.abs(best.value))) break;
    const middle = from.map((_, axis) => mean(corners.slice(0, -1).map(({ at }) => at[axis]!)));
    const along = (times: number) => vertex(middle.map((each, axis) => each + times * (worst.at[axis]! - each)));

    const mirrored = along(-1);
    if (mirrored.value < best.value) {
      const further = along(-2);
      corners[corners.length - 1] = further.value < mirrored.value ? further : mirrored;
    } else if (mirrored.value < corners.at(-2)!.value) {
      corners[corners.length - 1] = mirrored;
    } else {
      const nearer = along(mirrored.value < worst.value ? -0.5 : 0.5);
      if (nearer.value < Math.min(mirrored.value, worst.value)) corners[corners.length - 1] = nearer;
      else
        for (let at = 1; at < corners.length; at++)
          corners[at] = vertex(corners[at]!.at.map((each, axis) => best.at[axis]! + (each - best.at[axis]!) / 2));
    }
  }
  corners.sort((one, other) => one.value - other.value);
  return corners[0]!.at;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
