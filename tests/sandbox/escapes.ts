/**
 * The escape suite: every attack without a sandbox, where it must succeed, and then in a run.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { DEFAULT_LIMITS } from "../../src/providers/sandbox/limits.ts";
import { sandboxedModel } from "../../src/providers/sandbox/sandboxed_model.ts";
import type { Finished } from "../finished.ts";
import { ADDRESSES6, NAMES } from "./attacks/addresses.ts";
import { ATTACKS } from "./attacks/all.ts";
import { type Attack, refusalText } from "./attacks/attack.ts";
import { CONNECTION, type HostileWorld, hostileWorld } from "./hostile_world.ts";

/** How the suite runs the command. */
export interface EscapesOptions {
  /** An empty folder. */
  readonly folder: string;
  /** What evaluations import. */
  readonly core: string;
  /** Runs `dotevals` in the folder, with a variable more. */
  readonly dotevals: (
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) => Promise<Finished>;
}

/** Runs the suite. */
export async function runEscapes(t: Deno.TestContext, options: EscapesOptions): Promise<void> {
  await using hostile = await hostileWorld();
  const { world } = hostile;
  const noIpv6 = world.other6 === undefined ? "there is no IPv6 here" : undefined;
  const noName = world.named === undefined
    ? "no name but localhost leads to this machine"
    : undefined;
  const steps = [
    { what: "a plugin", path: "/plugin.js", attacks: ATTACKS },
    { what: "a plugin, by IPv6", path: "/plugin.js", attacks: ADDRESSES6, missing: noIpv6 },
    {
      what: "a plugin with a package of npm",
      path: "/packaged.js",
      attacks: ATTACKS.map(packaged),
    },
    {
      what: "a plugin with a package of npm, by IPv6",
      path: "/packaged.js",
      attacks: ADDRESSES6.map(packaged),
      missing: noIpv6,
    },
    {
      what: "a plugin that was granted a name",
      path: "/named.js",
      attacks: NAMES,
      missing: noName,
    },
  ];
  for (const { what, path, attacks, missing } of steps) {
    // What this machine cannot try is shown, and why.
    const ignore = missing !== undefined;
    const leftOut = ignore ? ` (left out: ${missing})` : "";
    await t.step({
      name: `${attacks.length} attacks of ${what} succeed with all permissions${leftOut}`,
      ignore,
      async fn() {
        await succeedWithoutSandbox(hostile, { path, attacks });
        await Deno.writeTextFile(`${world.folder}/removable`, "");
      },
    });
    await t.step({
      name:
        `those of ${what} fail in a run, each with a line in the report, and nobody is told${leftOut}`,
      ignore,
      async fn() {
        const before = await filesIn(world.folder);
        await runInSandbox(hostile, { path, attacks, ...options });
        assertEquals(await filesIn(world.folder), before);
      },
    });
  }
}

interface Attempts {
  /** Where the plugin is at its origin. */
  readonly path: string;
  readonly attacks: readonly Attack[];
}

/** An attack that fails by itself proves nothing. */
async function succeedWithoutSandbox(
  hostile: HostileWorld,
  { path, attacks }: Attempts,
): Promise<void> {
  const { world } = hostile;
  const harmless: string[] = [];
  await using handle = await withoutSandbox(`${world.own}${path}`, hostile);
  for (const { name } of attacks) {
    hostile.forget();
    const request = JSON.stringify({ attack: name, world });
    const text = await handle.model.generate(request).then(({ text }) => text, String);
    const seen = hostile.requests().some((line) =>
      line.includes(world.secret) || line === CONNECTION
    );
    if (!text.includes(world.secret) && !seen) harmless.push(`${name}: ${text}`);
  }
  assertEquals(harmless, [], "attacks that fail by themselves");
  for (const name of await filesIn(world.folder)) {
    if (name.startsWith("written")) await Deno.remove(`${world.folder}/${name}`);
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

function packaged(attack: Attack): Attack {
  const { refused, refusedWithPackages = refused } = attack;
  return { ...attack, refused: refusedWithPackages };
}

/** The plugin in the same process as ever, with every permission and no lock. */
function withoutSandbox(url: string, { world }: HostileWorld) {
  return sandboxedModel({
    source: { url, cacheDir: undefined, lockPath: undefined, importHosts: [], hasNpm: false },
    grant: { net: [], env: ["LEFT_OVER", "HOME"] },
    flags: ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--reload", "-A"],
    limits: DEFAULT_LIMITS,
    clock: systemClock,
    env: (name) => name === "LEFT_OVER" ? world.secret : Deno.env.get(name),
    log() {},
    name: "hostile",
    spec: "m",
    options: {},
    check() {},
  }, new AbortController().signal);
}

async function runInSandbox(
  hostile: HostileWorld,
  { path, attacks, folder, core, dotevals }: EscapesOptions & Attempts,
): Promise<void> {
  const { world } = hostile;
  const url = `${world.own}${path}`;
  const env = { LEFT_OVER: world.secret };
  await Deno.mkdir(`${folder}/evals`, { recursive: true });
  await Deno.writeTextFile(`${folder}/evals/escapes.eval.ts`, evaluation(core, attacks, world));
  const added = await dotevals(["providers", "add", url, "--yes"], env);
  assertEquals(added.code, 0, added.stderr);
  hostile.forget();
  // One for each set of attacks: another one is another evaluation.
  const experiment = `${path.replace(/\W/g, "")}-${attacks.length}`;
  const options = ["--experiment", experiment, "--model", `${url}#m`, "--concurrency", "1"];
  const ran = await dotevals(["run", "evals/", ...options], env);
  assertEquals(ran.code, 1, ran.stderr);
  assertEquals(hostile.unwanted(), [], "somebody was told something");
  const shown = await dotevals(["show", experiment, "--json", "--full"], {});
  const errors = errorsByAttack(JSON.parse(shown.stdout));
  const wrong = attacks.flatMap(({ name, refused }) => {
    const error = errors.get(name);
    if (error === undefined) return [`${name} left no line`];
    return refusalText(refused).test(error) ? [] : [`${name}: ${error}`];
  });
  assertEquals(wrong, [], "attacks that were not refused as they should");
  const report = await dotevals(["show", experiment, "--errors"], {});
  assertStringIncludes(report.stdout, "Requires net access to");
}

function evaluation(core: string, attacks: readonly Attack[], world: unknown): string {
  return `import { exactMatch, foreach } from "${core}";

const world = ${JSON.stringify(world)};
const attacks = ${JSON.stringify(attacks.map(({ name }) => [name]))};

export const escapes = foreach("attack", attacks, { retry: { maxAttempts: 1 } }, async ({ attack }, { model }) => {
  const { text } = await model.generate(JSON.stringify({ attack, world }));
  return exactMatch(text.includes(world.secret), true);
});
`;
}

/** Each item's error, by the attack in its row. */
function errorsByAttack(shown: unknown): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  JSON.parse(JSON.stringify(shown), function (_key, value) {
    if (value?.row?.attack !== undefined && value.error) {
      errors.set(String(value.row.attack), `${value.error.name}: ${value.error.message}`);
    }
    return value;
  });
  return errors;
}
