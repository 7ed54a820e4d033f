/**
 * Reads fields of what somebody else wrote, and says where they are not what they should be.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";

/** An error of a file, at a place in it. */
export function importError(place: string, problem: string, cause?: unknown): DotevalsError {
  return new DotevalsError(`${place}: ${problem}.`, {
    code: "import-invalid",
    hint: "Nothing was imported. Repair the file and import it again.",
    cause,
  });
}

/** An object whose fields are read one by one. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #place: string;

  /** The place is what messages begin with: `results.jsonl, line 3`. */
  constructor(value: unknown, place: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw importError(place, "there is no object");
    }
    this.#values = value as Readonly<Record<string, unknown>>;
    this.#place = place;
  }

  /** The field as it is; `undefined` for none. */
  get(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  /** A text. */
  text(name: string): string {
    const value = this.get(name);
    return typeof value === "string" ? value : this.#refuse(name, "a text");
  }

  /** A text, or none. */
  optionalText(name: string): string | undefined {
    return this.get(name) === undefined ? undefined : this.text(name);
  }

  /** A number. */
  number(name: string): number {
    const value = this.get(name);
    return typeof value === "number" ? value : this.#refuse(name, "a number");
  }

  /** A number, or none. */
  optionalNumber(name: string): number | undefined {
    return this.get(name) === undefined ? undefined : this.number(name);
  }

  /** A whole number, 0 or more. */
  count(name: string): number {
    const value = this.number(name);
    const isCount = Number.isSafeInteger(value) && value >= 0;
    return isCount ? value : this.#refuse(name, "a whole number, 0 or more");
  }

  /** A time, in milliseconds since the epoch. */
  time(name: string): number {
    const time = Date.parse(this.text(name));
    return Number.isFinite(time) ? time : this.#refuse(name, "a time");
  }

  /** Objects. */
  objects(name: string): readonly Fields[] {
    const value = this.get(name);
    if (!Array.isArray(value)) return this.#refuse(name, "a list");
    return value.map((part, at) => new Fields(part, `${this.#place}: ${name}[${at}]`));
  }

  /** An object. */
  object(name: string): Fields {
    return new Fields(this.get(name), `${this.#place}: ${name}`);
  }

  /** The field's JSON, which a storage keeps as it is. */
  json(name: string): string {
    const json = this.optionalJson(name);
    return json ?? this.#refuse(name, "there");
  }

  /** The field's JSON; `undefined` without the field. */
  optionalJson(name: string): string | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : JSON.stringify(value);
  }

  /** Says that the field is not what it should be. */
  #refuse(name: string, what: string): never {
    const json = JSON.stringify(this.get(name)) ?? "missing";
    const shown = json.length > 60 ? `${json.slice(0, 60)}…` : json;
    throw importError(this.#place, `${JSON.stringify(name)} is not ${what}: it is ${shown}`);
  }
}
