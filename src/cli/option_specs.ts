/**
 * What options a command can have. Loads nothing, so that `--help` is quick.
 *
 * @module
 */

/** One option of a command. */
export type OptionSpec =
  /** Is given or not. */
  | { readonly type: "flag"; readonly summary: string }
  /** Has a value; of several, the last one counts. */
  | TextOption<"text">
  /** May be given several times. */
  | TextOption<"texts">
  /** Has a whole number as its value, `least` or more. */
  | {
    readonly type: "count";
    readonly value: string;
    readonly summary: string;
    readonly least: number;
  };

interface TextOption<Type extends string> {
  readonly type: Type;
  /** What `--help` calls the value. */
  readonly value: string;
  /** A letter that stands for it, behind one dash. */
  readonly short?: string;
  readonly summary: string;
  /** The values that it can have; any without it. */
  readonly choices?: readonly string[];
}

/** The options of a command by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The values of options. */
export type OptionValues<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name]["type"] extends "flag" ? boolean
    : Specs[Name]["type"] extends "texts" ? readonly string[]
    : Specs[Name]["type"] extends "count" ? number | undefined
    : string | undefined;
};

/** Options that every command has; the entry acts on them. */
export const GLOBAL_OPTIONS = {
  help: { type: "flag", summary: "show this help" },
  debug: { type: "flag", summary: "show errors with their stack" },
} as const satisfies OptionSpecs;
