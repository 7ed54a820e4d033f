/**
 * Columns: how a string such as `"question,answer"` picks named values from rows.
 *
 * @module
 */

/** A text without the spaces around it. */
export type Trim<Text extends string> = Text extends ` ${infer Rest}` ? Trim<Rest>
  : Text extends `${infer Rest} ` ? Trim<Rest>
  : Text;

/** The names in a columns string, as a tuple. */
export type ColumnNames<Columns extends string> = Columns extends `${infer Head},${infer Tail}`
  ? [Trim<Head>, ...ColumnNames<Tail>]
  : [Trim<Columns>];

/** The place of a name among names. */
export type IndexOf<Names extends readonly string[], Name, Before extends unknown[] = []> =
  Names extends readonly [infer Head, ...infer Tail extends readonly string[]]
    ? Head extends Name ? Before["length"] : IndexOf<Tail, Name, [...Before, unknown]>
    : never;

/** Whether rows are long enough to hold a column. */
export type PositionHeld<Row extends readonly unknown[], Names extends readonly string[], Name> =
  `${IndexOf<Names, Name>}` extends keyof Row ? true : false;

/** The type that a single value's literal belongs to. */
export type Widened<Value> = Value extends string ? string
  : Value extends number ? number
  : Value extends boolean ? boolean
  : Value extends bigint ? bigint
  : Value;

/** The type of a row's value under a column's name. */
export type ColumnValue<Row, Names extends readonly string[], Name extends string> = unknown extends
  Row ? Row
  : Row extends readonly unknown[] ? number extends Row["length"] ? Row[number]
    : `${IndexOf<Names, Name>}` extends keyof Row ? Row[`${IndexOf<Names, Name>}`]
    : undefined
  : Row extends object ? Name extends keyof Row ? Row[Name] : undefined
  : Widened<Row>;

/** Whether rows have a value under a column's name. */
export type HasColumn<Row, Names extends readonly string[], Name extends string> = unknown extends
  Row ? true
  : Row extends readonly unknown[]
    ? number extends Row["length"] ? true : PositionHeld<Row, Names, Name>
  : Row extends object ? Name extends keyof Row ? true : false
  : Names["length"] extends 1 ? true
  : false;

/** The names that rows have no value under. */
export type MissingColumns<Row, Names extends readonly string[]> = {
  [Name in Names[number]]: true extends HasColumn<Row, Names, Name> ? never : Name;
}[Names[number]];

/**
 * Nothing where the dataset has all columns; else a type that no string has and
 * whose text names the missing ones.
 */
export type CheckedColumns<Columns extends string, Row> = string extends Columns ? unknown
  : [Row] extends [never] ? unknown
  : [MissingColumns<Row, ColumnNames<Columns>>] extends [never] ? unknown
  : { readonly "the dataset has no column": MissingColumns<Row, ColumnNames<Columns>> };

/** The named values that a columns string picks from a row. */
export type PickedColumns<Columns extends string, Row> = {
  readonly [Name in ColumnNames<Columns>[number]]: ColumnValue<Row, ColumnNames<Columns>, Name>;
};

/** A row that lacks a column, or two columns of one name; becomes the error of its item. */
export class ColumnError extends Error {
  /** Says which column is missing from which row. */
  constructor(message: string) {
    super(message);
    this.name = "ColumnError";
  }
}

/**
 * Splits a columns string into names.
 *
 * @throws {TypeError} if a name is empty or occurs twice
 */
export function parseColumns(columns: string): readonly string[] {
  const names = columns.split(",").map((name) => name.trim());
  for (const [index, name] of names.entries()) {
    if (name === "") {
      throw new TypeError(
        `Column ${index + 1} of ${JSON.stringify(columns)} has no name: write "question,answer".`,
      );
    }
    if (names.indexOf(name) !== index) {
      throw new TypeError(`The column "${name}" stands twice in ${JSON.stringify(columns)}.`);
    }
  }
  return names;
}

/**
 * Picks the named columns from a row: by position from an array, by name from an
 * object, the value itself for one column; what a row has beyond them is left out.
 *
 * @throws {ColumnError} if the row lacks a column; the message names it and the row's position
 */
export function pickColumns(
  names: readonly string[],
  row: unknown,
  position: number,
): Readonly<Record<string, unknown>> {
  const picked: Record<string, unknown> = {};
  if (Array.isArray(row)) {
    for (const [index, name] of names.entries()) {
      if (index >= row.length) {
        throw new ColumnError(
          `Row ${position} has no column "${name}": it holds ${row.length} of ${names.length} values.`,
        );
      }
      define(picked, name, row[index]);
    }
    return picked;
  }
  if (typeof row === "object" && row !== null && !(row instanceof Date)) {
    for (const name of names) {
      if (!(Object.hasOwn(row, name) || (name in row && !(name in Object.prototype)))) {
        throw new ColumnError(
          `Row ${position} has no column "${name}": it has ${listNames(Object.keys(row))}.`,
        );
      }
      define(picked, name, Reflect.get(row, name));
    }
    return picked;
  }
  const [only, second] = names;
  if (only === undefined || second !== undefined) {
    throw new ColumnError(
      `Row ${position} has no column "${second}": it is a single value, of type ${typeof row}.`,
    );
  }
  define(picked, only, row);
  return picked;
}

/** Sets an own property even where the name is `__proto__`. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(target, name, { value, enumerable: true, writable: true });
  } else target[name] = value;
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return "no columns";
  const shown = names.slice(0, 8).map((name) => JSON.stringify(name)).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
