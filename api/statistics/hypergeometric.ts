const ENOUGH = 1e-14;
const TERMS_MAX = 100_000;

/**
 * Gauss' hypergeometric function 2F1(a, b; c; z) by Euler's transformation: the plain series adds up terms that overflow as
 * z comes near 1 where a + b is above c, as for customers who buy often.
 * @param z 0 <= z < 1
 */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  return (1 - z) ** (c - a - b) * series(c - a, c - b, c, z);
}

function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < TERMS_MAX; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) <= ENOUGH * Math.abs(sum)) break;
  }
  return sum;
}
