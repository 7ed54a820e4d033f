/**
 * Starts an item when another one ends, so many at once.
 *
 * @module
 */
import type { Gate, ItemPlace } from "./item_gate.ts";

/**
 * Holds items to a fixed number. Those whose calls wait for an endpoint that is away make room for
 * others, all but one: items that are to run one after the other do so then too.
 */
export class ItemWindow implements Gate {
  readonly #size: number;
  #underWay = 0;
  #parked = 0;
  #queue: ((place: ItemPlace) => void)[] = [];

  /** Lets `size` items through at once. */
  constructor(size: number) {
    this.#size = size;
  }

  enter(): ItemPlace | Promise<ItemPlace> {
    if (this.#queue.length === 0 && this.#hasRoom()) return this.#place();
    return new Promise((resolve) => {
      this.#queue.push(resolve);
    });
  }

  callsPark(change: number): void {
    this.#parked += change;
    if (change > 0) this.#serve();
  }

  #hasRoom(): boolean {
    return this.#underWay < this.#size + Math.min(this.#parked, this.#size - 1);
  }

  #serve(): void {
    while (this.#queue.length > 0 && this.#hasRoom()) this.#queue.shift()?.(this.#place());
  }

  #place(): ItemPlace {
    this.#underWay++;
    return {
      callBegan() {},
      callEnded() {},
      leave: () => {
        this.#underWay--;
        this.#serve();
      },
    };
  }
}
