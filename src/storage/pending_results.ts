/**
 * Results that wait to be committed, in groups that neither the event loop nor the memory feels.
 *
 * @module
 */
import type { ItemRecordDraft } from "./stored_record.ts";

/**
 * Characters of one group: to put the results of a commit into words holds the event loop, for some
 * 5 ms at this size.
 */
const GROUP_CHARACTERS = 4_000_000;

/** A queue that knows how many results it holds, and how large they are. */
export class PendingResults {
  readonly #most: number;
  #records: ItemRecordDraft[] = [];
  #characters = 0;

  /** Makes groups of so many results at the most. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many there are. */
  get length(): number {
    return this.#records.length;
  }

  /** How large they are: 1 is a group's worth. */
  get groups(): number {
    return Math.max(this.#records.length / this.#most, this.#characters / GROUP_CHARACTERS);
  }

  /** Adds results at the end. */
  add(records: readonly ItemRecordDraft[]): void {
    for (const record of records) {
      this.#records.push(record);
      this.#characters += charactersOf(record);
    }
  }

  /** Takes the next group: at least one result, where there is any. */
  take(): { readonly records: readonly ItemRecordDraft[]; readonly groups: number } {
    let [count, characters] = [0, 0];
    while (count < this.#most && characters < GROUP_CHARACTERS) {
      const record = this.#records[count];
      if (record === undefined) break;
      characters += charactersOf(record);
      count++;
    }
    this.#characters -= characters;
    const groups = Math.max(count / this.#most, characters / GROUP_CHARACTERS);
    return { records: this.#records.splice(0, count), groups };
  }

  /** Forgets all of them. */
  clear(): void {
    this.#records = [];
    this.#characters = 0;
  }
}

function charactersOf(record: ItemRecordDraft): number {
  const { row, prompt, response, metadata, error, calls } = record;
  return calls.reduce(
    (sum, { request, response }) => sum + lengthOf(request) + lengthOf(response),
    row.length + lengthOf(prompt) + lengthOf(response) + lengthOf(metadata) +
      lengthOf(error?.message) + lengthOf(error?.stack),
  );
}

function lengthOf(text: string | undefined): number {
  return text?.length ?? 0;
}
