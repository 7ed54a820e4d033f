/**
 * The page's script: the sources of functions that are written, checked and tested as all others are.
 *
 * They use each other by name, and what a browser has; nothing else that stands around them. So all
 * of them are exported, and their names differ.
 *
 * @module
 */
import * as detail from "./detail.ts";
import * as elements from "./elements.ts";
import * as itemTable from "./item_table.ts";
import * as selectItems from "./select_items.ts";
import * as start from "./start.ts";
import * as summary from "./summary.ts";

const MODULES = [elements, selectItems, itemTable, detail, summary, start];

/** The script's text. */
export function pageScript(): string {
  const functions = MODULES.flatMap((module) => Object.values(module)).map(String);
  return ['"use strict";', ...functions, "start();"].join("\n");
}
