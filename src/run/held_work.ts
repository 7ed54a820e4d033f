/**
 * Work whose model cannot be called now, put aside so that the work of other models goes on.
 *
 * @module
 */
import type { Work } from "../plan/items.ts";
import type { WorkSource } from "../schedule/lanes.ts";

/** No more than so many pieces are put aside. */
const MOST = 10_000;

/** What {@linkcode HeldWork} needs. */
export interface HeldWorkOptions {
  /** Where work comes from. */
  readonly source: WorkSource<Work>;
  readonly variants: number;
  /** Whether a variant's work is to wait, as calls wait for its endpoint, which is away. */
  readonly isHeldUp: (variant: number) => boolean;
}

/** Hands out the work of all variants in order, but for those that are held up. */
export class HeldWork implements WorkSource<Work> {
  readonly #options: HeldWorkOptions;
  /** By variant. */
  readonly #held: Work[][];
  #count = 0;
  #change = Promise.withResolvers<void>();
  #isClosed = false;

  /** Nothing is put aside yet. */
  constructor(options: HeldWorkOptions) {
    this.#options = options;
    this.#held = Array.from({ length: options.variants }, () => []);
  }

  /** The next piece that can be done; waits while there is none and something is put aside. */
  next(): Work | undefined | Promise<Work | undefined> {
    if (this.#isClosed) return undefined;
    const found = this.#freed() ?? (this.#count < MOST ? this.#options.source.next() : undefined);
    return found instanceof Promise ? found.then((work) => this.#sift(work)) : this.#sift(found);
  }

  /** Something has changed; what is put aside may have become free. */
  wake(): void {
    if (this.#count === 0) return;
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** Hands out nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.wake();
  }

  #sift(work: Work | undefined): Work | undefined | Promise<Work | undefined> {
    if (!work) return this.#count === 0 ? undefined : this.#later(this.#change.promise);
    const { isHeldUp } = this.#options;
    if (!isHeldUp(work.variant)) return work;
    this.#held[work.variant]?.push(work);
    this.#count++;
    const areAll = this.#held.every((_, variant) => isHeldUp(variant));
    return this.#later(areAll ? this.#change.promise : Promise.resolve());
  }

  /** The first piece that is held up no longer. */
  #freed(): Work | undefined {
    if (this.#count === 0) return undefined;
    const { isHeldUp } = this.#options;
    const freed = this.#held.find((works, variant) => works.length > 0 && !isHeldUp(variant));
    if (freed) this.#count--;
    return freed?.shift();
  }

  async #later(change: Promise<void>): Promise<Work | undefined> {
    await change;
    return await this.next();
  }
}
