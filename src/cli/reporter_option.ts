/**
 * The option `--reporter`: which reports to write, and where to.
 *
 * @module
 */
import { resolve } from "@std/path/resolve";
import { DotevalsError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { REPORTER_NAMES, type ReporterName } from "../report/reporter.ts";
import type { OptionSpecs } from "./option_specs.ts";

/** The option, for the commands that have it. */
export const reporterOption = {
  reporter: {
    type: "texts",
    value: "NAME[=FILE]",
    summary: `write a report: ${REPORTER_NAMES.join(", ")}; may be given several times`,
  },
} as const satisfies OptionSpecs;

/** The file's name that means standard output, as it does for other commands. */
export const STDOUT = "-";

/** One report that is asked for. */
export interface WantedReport {
  readonly name: ReporterName;
  /** Where it goes, as it was given; standard output without it. */
  readonly file: string | undefined;
}

/**
 * Reads the option. Without a report on standard output, the one for people goes there: to ask for a
 * file more does not take the table away.
 *
 * @throws {DotevalsError} `invalid-value`, or `same-output` where two reports go to one place
 */
export function wantedReports(
  options: readonly string[],
  { cwd }: { readonly cwd: string },
): readonly WantedReport[] {
  const wanted = options.map(parse);
  const [first, second] = wanted.filter(takesStdout);
  if (first && second) {
    const [one, other] = [first.name, second.name];
    throw new DotevalsError(
      one === other
        ? `--reporter ${one} is given twice.`
        : `The reporters ${one} and ${other} both write to standard output.`,
      {
        code: "same-output",
        hint: one === other
          ? "Leave one of them out."
          : `Give one of them a file: --reporter ${other}=FILE`,
      },
    );
  }
  const paths = wanted.flatMap(({ file }) => file === undefined ? [] : [resolve(cwd, file)]);
  const twice = wanted.find(({ file }) =>
    file !== undefined && paths.filter((path) => path === resolve(cwd, file)).length > 1
  );
  if (twice?.file !== undefined) throw sameOutput(twice.file);
  return first ? wanted : [{ name: "pretty", file: undefined }, ...wanted];
}

/** Two reports cannot go to one file: the second would replace the first. */
export function sameOutput(file: string): DotevalsError {
  return new DotevalsError(`Two reporters write to "${file}".`, {
    code: "same-output",
    hint: "Give each a file of its own.",
  });
}

/** Annotations are read from all that a step prints: they leave standard output to results. */
function takesStdout({ name, file }: WantedReport): boolean {
  return file === undefined && name !== "github";
}

function parse(option: string): WantedReport {
  const at = option.indexOf("=");
  const word = at === -1 ? option : option.slice(0, at);
  const file = at === -1 ? undefined : option.slice(at + 1);
  const name = REPORTER_NAMES.find((known) => known === word);
  if (name === undefined) {
    const meant = nearest(word, REPORTER_NAMES);
    throw new DotevalsError(`There is no reporter "${word}".`, {
      code: "invalid-value",
      hint: `${meant === undefined ? "" : `Did you mean ${meant}? `}There are ${
        REPORTER_NAMES.join(", ")
      }.`,
    });
  }
  if (file === "") {
    throw new DotevalsError(`--reporter ${name}= names no file.`, {
      code: "invalid-value",
      hint: `Write: --reporter ${name}=FILE, or --reporter ${name} for standard output.`,
    });
  }
  return { name, file: file === STDOUT ? undefined : file };
}
