/** What the files of one folder may import from the project's other folders. */
export interface Direction {
  /** Folders whose values and types may be imported. */
  readonly values: readonly string[];
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[];
}

/**
 * The design's import directions. A folder may always import from itself; `base` are the files that
 * lie directly in `src/`, `builtin` the built-in provider plugins in `providers/`.
 */
export const DIRECTIONS: Readonly<Record<string, Direction>> = {
  // The version is that of deno.json.
  base: { values: ["deno.json"] },
  values: { values: ["base"] },
  evaluation: { values: ["base", "values"], types: ["providers"] },
  datasets: { values: ["base", "values", "evaluation", "stats", "evaluators"] },
  metrics: { values: ["base", "values", "evaluation", "stats"] },
  evaluators: { values: ["base", "values", "evaluation", "metrics", "providers"] },
  schedule: { values: ["base", "values"], types: ["evaluation"] },
  providers: { values: ["base", "values"] },
  storage: { values: ["base", "values", "evaluation", "metrics"] },
  plan: { values: ["base", "values", "evaluation", "providers"], types: ["storage"] },
  run: {
    values: [
      "base",
      "values",
      "evaluation",
      "metrics",
      "plan",
      "schedule",
      "providers",
      "storage",
    ],
    types: ["stats"],
  },
  stats: { values: ["base", "values"] },
  report: {
    values: ["base", "values", "metrics", "stats"],
    types: ["evaluation", "providers", "storage", "run"],
  },
  exchange: {
    values: ["base", "values", "evaluation", "datasets", "metrics", "plan", "storage", "report"],
  },
  web: { values: ["base", "values"], types: ["storage", "run"] },
  cli: {
    values: [
      "base",
      "values",
      "datasets",
      "plan",
      "providers",
      "storage",
      "run",
      "stats",
      "report",
      "exchange",
      "web",
    ],
  },
  builtin: { values: ["base", "providers"] },
};

/** Words that no file is named by: they say nothing of what is in it. */
export const EMPTY_NAMES: readonly string[] = [
  "util",
  "utils",
  "helper",
  "helpers",
  "manager",
  "common",
];
