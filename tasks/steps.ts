/** One command of the suite. */
export interface Step {
  readonly title: string;
  /** Arguments for `deno`. */
  readonly args: readonly string[];
  /** Relative to the root of the checkout. */
  readonly cwd?: string;
  /** The command is `deno test`: its tests are counted. */
  readonly tests?: boolean;
  /** The lines of the output that are always shown. */
  readonly shown?: RegExp;
}

/** The files that the steps name. Folders will not do: Deno overlooks files between workspace members. */
export interface SuiteFiles {
  /** Everything that is type-checked. */
  readonly checked: readonly string[];
  /** Modules that may have examples in their JSDoc. */
  readonly documented: readonly string[];
  /** Modules whose documentation is public. */
  readonly published: readonly string[];
  /** Test modules. */
  readonly tests: readonly string[];
}

/** The whole suite, in the order in which it is run. */
export function suite({ checked, documented, published, tests }: SuiteFiles): readonly Step[] {
  const inFolder = (...folders: string[]) =>
    tests.filter((file) => folders.some((folder) => file.startsWith(folder)));
  const apart = inFolder("tests/docs/", "tests/release/", "tests/fixtures/", "tests/soak/");
  return [
    { title: "format", args: ["fmt", "--check"] },
    { title: "lint", args: ["lint"] },
    { title: "types", args: ["check", "-q", ...checked] },
    { title: "documentation lint", args: ["doc", "--lint", ...published] },
    testStep("unit tests", [
      "--no-check",
      "--parallel",
      ...tests.filter((file) => !file.startsWith("tests/")),
    ]),
    testStep("examples in JSDoc", ["--doc", ...documented]),
    testStep("end-to-end tests", [
      "--no-check",
      "--parallel",
      ...inFolder("tests/").filter((file) => !apart.includes(file)),
    ]),
    {
      ...testStep("code blocks in Markdown", ["--no-check", ...inFolder("tests/docs/")]),
      shown: /^docs: .*$/m,
    },
    testStep("published form", ["--no-check", ...inFolder("tests/release/")]),
    { title: "publish @dotevals/core", args: ["publish", "--dry-run", "--allow-dirty"] },
    {
      title: "publish @dotevals/cli",
      args: ["publish", "--dry-run", "--allow-dirty"],
      cwd: "packages/cli/",
    },
  ];
}

/** Runs `deno test`. Types of files are checked by a step of their own, those of examples are not. */
function testStep(title: string, args: readonly string[]): Step {
  return { title, args: ["test", "-A", "--trace-leaks", ...args], tests: true };
}
