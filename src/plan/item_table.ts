/**
 * What is known of each item in a pass: recorded, failed, seen; in a few bytes per item.
 *
 * @module
 */
import type { ItemKey } from "../storage/storage.ts";

/** What earlier sessions recorded of an item: nothing, a result, or an error. */
export type ItemState = "new" | "recorded" | "failed";

const SEGMENT_BITS = 6;
const SEGMENTS = 1 << SEGMENT_BITS;
/** 32-bit words of one entry: three of the key's hash, one of marks. */
const WORDS = 4;
const LOAD = 0.85;
const GROWTH = 1.5;
const SMALLEST = 8;

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
  readonly #segments: Segment[] = Array.from(
    { length: SEGMENTS },
    (_, index) => new Segment(index),
  );
  readonly #probe = new Uint32Array(3);
  /** The key that the probe is of as it is, if it is. */
  #aimed: ItemKey | undefined;
  /** Per variant, the recorded items that were not seen yet. */
  readonly #unseen: number[] = [];
  #size = 0;
  #bytes = 0;
  #peakBytes = 0;

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
    this.#aim(first, 0, 0);
    const { marks, at } = this.#entry();
    const ordinal = (marks[at] ?? 0) & ORDINAL;
    if (ordinal === ORDINAL) throw new RangeError(`More than ${ORDINAL} rows are equal.`);
    marks[at] = (marks[at] ?? 0) + 1;
    return ordinal;
  }

  /** Notes that an earlier session recorded an item, with a result or with an error. */
  markRecorded(key: ItemKey, failed: boolean, variant = 0, repeat = 0): void {
    this.#aim(key, variant, repeat);
    const { marks, at } = this.#entry();
    const before = marks[at] ?? 0;
    marks[at] = (before | RECORDED) & ~FAILED | (failed ? FAILED : 0);
    if ((before & (RECORDED | SEEN)) === 0) this.#unseen[variant] = this.unseen(variant) + 1;
  }

  /** Notes that an item's row is in the dataset; says what was recorded of it. */
  see(key: ItemKey, variant = 0, repeat = 0): ItemState {
    this.#aim(key, variant, repeat);
    const { marks, at } = this.#entry();
    const before = marks[at] ?? 0;
    marks[at] = before | SEEN;
    if ((before & RECORDED) === 0) return "new";
    if ((before & SEEN) === 0) this.#unseen[variant] = this.unseen(variant) - 1;
    return (before & FAILED) === 0 ? "recorded" : "failed";
  }

  /** Whether an item's row was seen in this pass. */
  isSeen(key: ItemKey, variant = 0, repeat = 0): boolean {
    this.#aim(key, variant, repeat);
    const segment = this.#segment();
    return ((segment.words[segment.find(this.#probe) + 3] ?? 0) & SEEN) !== 0;
  }

  /** How many recorded items of a variant were not seen. */
  unseen(variant: number): number {
    return this.#unseen[variant] ?? 0;
  }

  /**
   * Reads 96 bits of a key and mixes variant and repeat into them; the first repeat of the first
   * variant leaves them as they are.
   */
  #aim(key: ItemKey, variant: number, repeat: number): void {
    const isFirst = variant === 0 && repeat === 0;
    // A row's key is asked for several times in a row.
    if (isFirst && key === this.#aimed) return;
    this.#aimed = isFirst ? key : undefined;
    const probe = this.#probe;
    for (let word = 0; word < 3; word++) {
      let bits = 0;
      for (let at = word * 8; at < word * 8 + 8; at++) bits = bits << 4 | digit(key.charCodeAt(at));
      probe[word] = bits;
    }
    if (isFirst) return;
    probe[0] = (probe[0] ?? 0) ^ mix(variant);
    probe[1] = (probe[1] ?? 0) ^ mix(repeat);
    probe[2] = (probe[2] ?? 0) ^ mix(Math.imul(variant, 0x9e3779b1) ^ repeat);
  }

  /** Segments are told apart by other bits than places in a segment are. */
  #segment(): Segment {
    const segment = this.#segments[(this.#probe[1] ?? 0) & (SEGMENTS - 1)];
    if (segment === undefined) throw new RangeError("a segment is missing");
    return segment;
  }

  /** The words and place of the marks that belong to the key aimed at, added where it is new. */
  #entry(): { readonly marks: Uint32Array; readonly at: number } {
    const segment = this.#segment();
    if (segment.isFull()) this.#grow(segment);
    const at = segment.find(this.#probe);
    if (segment.isFree(at)) {
      segment.put(at, this.#probe);
      this.#size++;
    }
    return { marks: segment.words, at: at + 3 };
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
  words: Uint32Array<ArrayBuffer> = new Uint32Array(WORDS);
  #capacity = 1;
  #used = 0;
  readonly #first: number;

  constructor(index: number) {
    this.#first = Math.round(SMALLEST * GROWTH ** (index / SEGMENTS));
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

  isFree(at: number): boolean {
    return this.words[at + 3] === 0;
  }

  /** Takes a free entry for a key; whoever calls sets a mark. */
  put(at: number, key: Uint32Array): void {
    this.words.set(key, at);
    this.#used++;
  }

  grow(): void {
    const old = this.words;
    this.#capacity = Math.max(this.#first, Math.ceil(this.#capacity * GROWTH));
    this.words = new Uint32Array(this.#capacity * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 3] === 0) continue;
      const entry = old.subarray(at, at + WORDS);
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

/** The value of a hexadecimal digit in lower case. */
function digit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
