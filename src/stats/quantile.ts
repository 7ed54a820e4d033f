/**
 * Quantiles of sorted numbers.
 *
 * @module
 */

/**
 * The value below which a share `q` of sorted numbers lies, interpolated between neighbours: type 7 of
 * Hyndman and Fan (1996), "Sample Quantiles in Statistical Packages", The American Statistician 50:4,
 * which R and NumPy take too.
 */
export function quantileOf(sorted: ArrayLike<number>, q: number): number | undefined {
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (place - Math.floor(place));
}
