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
import { ATTACKS, NAMED, refusalOf } from "./attacks.ts";
import { type HostileWorld, hostileWorld } from "./hostile_world.ts";

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
  const servesName = await isHere(Deno.hostname());
  await t.step("each attack succeeds where it has the permission", async () => {
    const plugins = [["/plugin.js", ATTACKS], ["/named.js", servesName ? [NAMED] : []]] as const;
    const harmless: string[] = [];
    for (const [path, attacks] of plugins) {
      await using handle = await withoutSandbox(`${world.own}${path}`, world.secret);
      for (const { name } of attacks) {
        hostile.forget();
        const request = JSON.stringify({ attack: name, world });
        const text = await handle.model.generate(request).then(({ text }) => text, String);
        const seen = hostile.requests().some((line) => line.includes(world.secret));
        if (!text.includes(world.secret) && !seen) harmless.push(`${name}: ${text}`);
      }
    }
    assertEquals(harmless, [], "attacks that fail by themselves");
  });
  for (const left of ["written", "written.db", "written.heap"]) {
    await Deno.remove(`${world.folder}/${left}`).catch(() => {});
  }
  await t.step(
    "each fails in a run with a line in the report, and nothing is seen anywhere",
    async () => {
      await runInSandbox(hostile, { path: "/plugin.js", attacks: ATTACKS, ...options });
      if (servesName) {
        await runInSandbox(hostile, {
          path: "/named.js",
          attacks: [NAMED],
          ...options,
        });
      }
      const files = await Array.fromAsync(Deno.readDir(world.folder), ({ name }) => name);
      assertEquals(files.sort(), ["secret.js", "secret.json", "secret.txt", "socket", "worker.js"]);
    },
  );
}

/** The plugin in the same process as ever, with every permission and no lock. */
function withoutSandbox(url: string, secret: string) {
  return sandboxedModel({
    source: { url, cacheDir: undefined, lockPath: undefined, importHosts: [], hasNpm: true },
    grant: { net: [], env: ["LEFT_OVER", "HOME"] },
    flags: ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--reload", "-A"],
    limits: DEFAULT_LIMITS,
    clock: systemClock,
    env: (name) => name === "LEFT_OVER" ? secret : Deno.env.get(name),
    log() {},
    name: "hostile",
    spec: "m",
    options: {},
    check() {},
  }, new AbortController().signal);
}

interface SandboxRun extends EscapesOptions {
  readonly path: string;
  readonly attacks: typeof ATTACKS;
}

async function runInSandbox(
  hostile: HostileWorld,
  { path, attacks, folder, core, dotevals }: SandboxRun,
): Promise<void> {
  const { world } = hostile;
  const url = `${world.own}${path}`;
  const left = { LEFT_OVER: world.secret };
  await Deno.mkdir(`${folder}/evals`, { recursive: true });
  await Deno.writeTextFile(`${folder}/evals/escapes.eval.ts`, evaluation(core, attacks, world));
  const added = await dotevals(["providers", "add", url, "--yes"], left);
  assertEquals(added.code, 0, added.stderr);
  hostile.forget();
  const experiment = path.replace(/\W/g, "");
  const options = ["--experiment", experiment, "--model", `${url}#m`, "--concurrency", "1"];
  const ran = await dotevals(["run", "evals/", ...options], left);
  assertEquals(ran.code, 1, ran.stderr);
  // The world itself is in each row; past that, nobody was told anything.
  assertEquals(hostile.own.requests, []);
  const told = hostile.other.requests.filter((line) => line.includes(world.secret));
  assertEquals(told, [], "the secret reached another host");
  const shown = await dotevals(["show", experiment, "--json", "--full"], {});
  const errors = errorsByAttack(JSON.parse(shown.stdout));
  const wrong = attacks.flatMap((attack) => {
    const error = errors.get(attack.name);
    if (error === undefined) return [`${attack.name} left no line`];
    return refusalOf(attack).test(error) ? [] : [`${attack.name}: ${error}`];
  });
  assertEquals(wrong, [], "attacks that were not refused as they should");
  const report = await dotevals(["show", experiment, "--errors"], {});
  assertStringIncludes(report.stdout, "Requires net access to");
}

function evaluation(core: string, attacks: typeof ATTACKS, world: unknown): string {
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

async function isHere(name: string): Promise<boolean> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(),
  );
  try {
    const url = `http://${name}:${server.addr.port}`;
    return await fetch(url).then((response) => response.text()).then(() => true, () => false);
  } finally {
    await server.shutdown();
  }
}
