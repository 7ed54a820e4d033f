/**
 * What is known of each item in a pass: recorded, failed, seen; in a few bytes per item.
 *
 * @module
 */
import type { ItemKey } from "../storage/stored_record.ts";

/** What earlier sessions recorded of an item: nothing, a result, or an error. */
export type ItemState = "new" | "recorded" | "failed";

const SEGMENT_BITS = 6;
const SEGMENTS = 1 << SEGMENT_BITS;
/** 32-bit words of one entry: three of the key's hash, one of marks. */
const WORDS = 4;
const LOAD = 0.85;
const GROWTH = 1.5;
const SMALLEST = 8;
/** Standard deviations beyond an equal share: hardly a segment gets so many of what is expected. */
const SPARE = 4;

const RECORDED = 1 << 31;
const FAILED = 1 << 30;
const SEEN = 1 << 29;
/** How many equal rows there were; the lowest bits of the marks. */
const ORDINAL = SEEN - 1;

/**
 * A hash table in typed arrays: open addressing over 96 bits of a key, and the marks of its item.
 *
 * It is cut into segments that grow one at a time, each from a size of its own, so that
 * they do not all grow at once: with many items it takes less than 32 bytes per item, while it
 * grows too. (Two of a million items share 96 bits with a probability below 1e-16.)
 */
export class ItemTable {
  readonly #segments: readonly Segment[];
  readonly #probe = new Uint32Array(3);
  /** Whose segment is aimed at, and where in it the entry stands that was entered last. */
  #segment = new Segment(0, 0);
  #at = 0;
  /** The first item's key whose entry that is, if it is one. */
  #standing: ItemKey | undefined;
  /** Per variant, the recorded items that were not seen yet. */
  readonly #unseen: number[] = [];
  #size = 0;
  #bytes = 0;
  #peakBytes = 0;

  /** Makes room for so many items at once. */
  constructor(expected = 0) {
    const share = expected / SEGMENTS;
    const room = Math.ceil((share + SPARE * Math.sqrt(share)) / LOAD);
    this.#segments = Array.from({ length: SEGMENTS }, (_, index) => new Segment(index, room));
    for (const { words } of this.#segments) this.#bytes += words.byteLength;
    this.#peakBytes = this.#bytes;
  }

  /** How many items are in the table, equal rows counted once more for their first. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that its entries take now, free ones included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The most bytes that its entries took at any time, also while a segment was being copied. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** How many rows of this pass had the same first key, before this one. */
  claimOrdinal(first: ItemKey): number {
    this.#stand(first, 0, 0);
    const before = this.#segment.marks(this.#at);
    const ordinal = before & ORDINAL;
    if (ordinal === ORDINAL) throw new RangeError(`More than ${ORDINAL} rows are equal.`);
    this.#segment.mark(this.#at, before + 1);
    return ordinal;
  }

  /**
   * Notes that an earlier session recorded an item, with a result or with an error. Its key begins
   * at the digit `first` of `keys`, where there may be others beside it.
   */
  markRecorded(keys: string, failed: boolean, variant = 0, repeat = 0, first = 0): void {
    this.#standing = undefined;
    this.#aim(keys, first, variant, repeat);
    this.#enter();
    const before = this.#segment.marks(this.#at);
    this.#segment.mark(this.#at, (before | RECORDED) & ~FAILED | (failed ? FAILED : 0));
    if ((before & (RECORDED | SEEN)) === 0) this.#unseen[variant] = this.unseen(variant) + 1;
  }

  /** Notes that an item's row is in the dataset; says what was recorded of it. */
  see(key: ItemKey, variant = 0, repeat = 0): ItemState {
    this.#stand(key, variant, repeat);
    const before = this.#segment.marks(this.#at);
    this.#segment.mark(this.#at, before | SEEN);
    if ((before & RECORDED) === 0) return "new";
    if ((before & SEEN) === 0) this.#unseen[variant] = this.unseen(variant) - 1;
    return (before & FAILED) === 0 ? "recorded" : "failed";
  }

  /** Whether an item's row was seen in this pass. */
  isSeen(key: ItemKey, variant = 0, repeat = 0): boolean {
    this.#standing = undefined;
    this.#aim(key, 0, variant, repeat);
    return (this.#segment.marks(this.#segment.find(this.#probe)) & SEEN) !== 0;
  }

  /** How many recorded items of a variant were not seen. */
  unseen(variant: number): number {
    return this.#unseen[variant] ?? 0;
  }

  /** Goes to an item's entry. A row's first item is asked for several times in a row. */
  #stand(key: ItemKey, variant: number, repeat: number): void {
    const isFirst = variant === 0 && repeat === 0;
    if (isFirst && key === this.#standing) return;
    this.#standing = isFirst ? key : undefined;
    this.#aim(key, 0, variant, repeat);
    this.#enter();
  }

  /**
   * Reads 96 bits of the key that begins at a digit and mixes variant and repeat into them; the
   * first repeat of the first variant leaves them as they are. Segments are told apart by other
   * bits than places in a segment are.
   */
  #aim(digits: string, first: number, variant: number, repeat: number): void {
    const probe = this.#probe;
    for (let word = 0; word < 3; word++) probe[word] = wordAt(digits, first + word * 8);
    if (variant !== 0 || repeat !== 0) {
      probe[0] = (probe[0] ?? 0) ^ mix(variant);
      probe[1] = (probe[1] ?? 0) ^ mix(repeat);
      probe[2] = (probe[2] ?? 0) ^ mix(Math.imul(variant, 0x9e3779b1) ^ repeat);
    }
    const segment = this.#segments[(probe[1] ?? 0) & (SEGMENTS - 1)];
    if (segment === undefined) throw new RangeError("a segment is missing");
    this.#segment = segment;
  }

  /** Finds the entry of what is aimed at, and adds it where it is new. */
  #enter(): void {
    if (this.#segment.isFull()) this.#grow(this.#segment);
    this.#at = this.#segment.find(this.#probe);
    if (this.#segment.marks(this.#at) !== 0) return;
    this.#segment.put(this.#at, this.#probe);
    this.#size++;
  }

  #grow(segment: Segment): void {
    const before = segment.words.byteLength;
    segment.grow();
    const after = segment.words.byteLength;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytes + after);
    this.#bytes += after - before;
  }
}

/** One part of the table: entries of four words, found by linear probing. */
class Segment {
  words: Uint32Array<ArrayBuffer>;
  #capacity: number;
  #used = 0;
  readonly #first: number;

  constructor(index: number, room: number) {
    this.#first = Math.round(SMALLEST * GROWTH ** (index / SEGMENTS));
    this.#capacity = Math.max(room, 1);
    this.words = new Uint32Array(this.#capacity * WORDS);
  }

  isFull(): boolean {
    return this.#used + 1 > this.#capacity * LOAD;
  }

  /**
   * Where the entry with this key begins, or the free entry where it belongs. Its place is told by the
   * last bits: storage gives keys in the order of the first ones, and they would crowd.
   */
  find(key: Uint32Array): number {
    const { words } = this;
    const a = key[0] ?? 0;
    const b = key[1] ?? 0;
    const c = key[2] ?? 0;
    let at = Math.floor(c / 2 ** 32 * this.#capacity) * WORDS;
    while (words[at + 3] !== 0 && (words[at] !== a || words[at + 1] !== b || words[at + 2] !== c)) {
      at += WORDS;
      if (at === words.length) at = 0;
    }
    return at;
  }

  /** The marks of an entry; 0 where it is free. */
  marks(at: number): number {
    return this.words[at + 3] ?? 0;
  }

  mark(at: number, marks: number): void {
    this.words[at + 3] = marks;
  }

  /** Takes a free entry for a key; whoever calls sets a mark. */
  put(at: number, key: Uint32Array): void {
    const { words } = this;
    words[at] = key[0] ?? 0;
    words[at + 1] = key[1] ?? 0;
    words[at + 2] = key[2] ?? 0;
    this.#used++;
  }

  grow(): void {
    const old = this.words;
    this.#capacity = Math.max(this.#first, Math.ceil(this.#capacity * GROWTH));
    this.words = new Uint32Array(this.#capacity * WORDS);
    const entry = new Uint32Array(WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 3] === 0) continue;
      for (let word = 0; word < WORDS; word++) entry[word] = old[at + word] ?? 0;
      this.words.set(entry, this.find(entry));
    }
    // Its memory is free at once: the next collection may be a long time away.
    old.buffer.transfer(0);
  }
}

/** The finalizer of MurmurHash3: one to one, and 0 for 0. */
function mix(bits: number): number {
  bits = Math.imul(bits ^ bits >>> 16, 0x85ebca6b);
  bits = Math.imul(bits ^ bits >>> 13, 0xc2b2ae35);
  return bits ^ bits >>> 16;
}

/** The 32 bits that eight hexadecimal digits of a text say. */
function wordAt(digits: string, first: number): number {
  let bits = 0;
  for (let at = first; at < first + 8; at++) bits = bits << 4 | digit(digits.charCodeAt(at));
  return bits;
}

/** The value of a hexadecimal digit: letters have a bit that numerals have not. */
function digit(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}
