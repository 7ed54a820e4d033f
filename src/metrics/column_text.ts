/**
 * A row's value under a column's name, as the name of a group.
 *
 * @module
 */
import { canonical } from "../values/canonical.ts";

/** A column's value as text: texts as they are, others canonically; of an array its place, from 0. */
export function columnText(row: unknown, column: string): string {
  const value = typeof row === "object" && row !== null ? Reflect.get(row, column) : row;
  return typeof value === "string" ? value : canonical(value, column);
}
