/**
 * What two lists of words have in common in the same order.
 *
 * @module
 */

/** The length of the longest common subsequence; memory in proportion to one list. */
export function commonSubsequenceLength(one: readonly string[], other: readonly string[]): number {
  const [numbers, others] = numbered(one, other);
  let above = new Uint32Array(other.length + 1);
  let row = new Uint32Array(other.length + 1);
  for (const word of numbers) {
    fillRow(row, above, { word, others });
    [above, row] = [row, above];
  }
  return above[other.length] ?? 0;
}

/** The places in `one` of a longest common subsequence; a bit of memory for each pair of words. */
export function commonSubsequence(
  one: readonly string[],
  other: readonly string[],
): readonly number[] {
  const [numbers, others] = numbered(one, other);
  const width = other.length + 1;
  /** Where it goes on with the word before in `other`, not in `one`. */
  const isLeft = new Uint8Array(Math.ceil(width * (one.length + 1) / 8));
  let above = new Uint32Array(width);
  let row = new Uint32Array(width);
  for (const [i, word] of numbers.entries()) {
    fillRow(row, above, { word, others });
    for (let j = 1; j < width; j++) {
      if ((row[j - 1] ?? 0) <= (above[j] ?? 0)) continue;
      const bit = (i + 1) * width + j;
      isLeft[Math.floor(bit / 8)] = (isLeft[Math.floor(bit / 8)] ?? 0) | 1 << bit % 8;
    }
    [above, row] = [row, above];
  }
  const places: number[] = [];
  for (let [i, j] = [one.length, other.length]; i > 0 && j > 0;) {
    const bit = i * width + j;
    if (numbers[i - 1] === others[j - 1]) {
      places.push(i - 1);
      i--;
      j--;
    } else if ((isLeft[Math.floor(bit / 8)] ?? 0) & 1 << bit % 8) j--;
    else i--;
  }
  return places.reverse();
}

/** Words as numbers, the same for the same word. */
function numbered(...lists: readonly (readonly string[])[]): readonly [Uint32Array, Uint32Array] {
  const numbers = new Map<string, number>();
  const [one = new Uint32Array(), other = new Uint32Array()] = lists.map((words) =>
    Uint32Array.from(words, (word) => {
      const number = numbers.get(word) ?? numbers.size;
      numbers.set(word, number);
      return number;
    })
  );
  return [one, other];
}

/** Fills the lengths for one more word of the first list, by those without it. */
function fillRow(
  row: Uint32Array,
  above: Uint32Array,
  { word, others }: { readonly word: number; readonly others: Uint32Array },
): void {
  let last = 0;
  let corner = 0;
  for (let j = 0; j < others.length; j++) {
    const up = above[j + 1] ?? 0;
    if (word === others[j]) last = corner + 1;
    else if (up > last) last = up;
    corner = up;
    row[j + 1] = last;
  }
}
