/**
 * A place to run the real command with a real database server, a proxy before it, and a model
 * that counts what it is asked.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { type Finished, finished } from "../finished.ts";
import { fixturePath, shown, type Workplace, workplace } from "../cli/command.ts";
import { type Sqld, startSqld } from "../sqld.ts";
import { type ModelServer, startModelServer } from "./model_server.ts";
import { type Proxy, type ProxyOptions, startProxy } from "./proxy.ts";
import { filesIn } from "./stored_remotely.ts";

/** The experiment of all these runs. */
export const EXPERIMENT = "e";

/** How the model answers, and what the proxy spoils. */
export interface RemotePlaceOptions extends ProxyOptions {
  readonly items: number;
  /** Calls at once. */
  readonly concurrency?: number;
  /** Milliseconds that an answer takes. */
  readonly answerMs?: number;
  /** Answers after so many wait until this one is settled. */
  readonly hold?: { readonly after: number; readonly until: Promise<void> };
}

/** Where runs write to a server through a proxy. */
export interface RemotePlace extends AsyncDisposable {
  readonly server: Sqld;
  readonly proxy: Proxy;
  readonly model: ModelServer;
  readonly place: Workplace;
  /** Starts a run. */
  start(...more: readonly string[]): Deno.ChildProcess;
  /** Runs to the end. */
  run(...more: readonly string[]): Promise<Finished>;
  /** Asserts that what is recorded equals what an undisturbed run records. */
  assertUndisturbed(): Promise<void>;
  /** How often each item was asked for. */
  asked(): readonly number[];
  /** The files that hold results on this machine. */
  spooled(): Promise<readonly string[]>;
  /** Waits until the model has answered so often; fails when the run ends before. */
  answers(count: number, run: Deno.ChildProcess): Promise<void>;
}

/** Starts a server, a proxy and a model. */
export async function remotePlace(options: RemotePlaceOptions): Promise<RemotePlace> {
  const { items, concurrency = 8, answerMs = 10, hold, ...faults } = options;
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startSqld());
  const proxy = opened.use(startProxy(server.url, faults));
  const model = opened.use(startModelServer({
    wait: (_prompt, number) =>
      hold !== undefined && number > hold.after ? hold.until : pause(answerMs),
  }));
  const env = { ITEMS: String(items), OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "none" };
  const place = opened.use(await workplace({ ...env, DOTEVALS_STORAGE: proxy.url }));
  const args = ["run", fixturePath("asking"), "--experiment", EXPERIMENT, "--model", "openai:m"];
  const start = (...more: readonly string[]) =>
    place.start([...args, "--concurrency", String(concurrency), ...more]);
  const kept = opened.move();
  return {
    server,
    proxy,
    model,
    place,
    start,
    run: (...more) => finished(start(...more)),
    async assertUndisturbed() {
      assertEquals(await shown(place, EXPERIMENT), await undisturbed(args, env));
    },
    asked() {
      const prompts = model.calls.map(({ prompt }) => prompt);
      return Array.from({ length: items }, (_, n) => {
        return prompts.filter((prompt) => prompt === `item ${n}`).length;
      });
    },
    spooled: () => filesIn(join(place.folder, ".dotevals", "spool")),
    async answers(count, process) {
      let ended = false;
      process.status.then(() => ended = true);
      while (model.answered < count) {
        assert(!ended, `The run ended after ${model.answered} answers.`);
        await pause(5);
      }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const known = new Map<string, Promise<unknown>>();

/** What `show` says of a run of so many items that nothing disturbed. */
function undisturbed(
  args: readonly string[],
  env: Readonly<Record<string, string>> & { readonly ITEMS: string },
): Promise<unknown> {
  const before = known.get(env.ITEMS);
  if (before !== undefined) return before;
  async function run(): Promise<unknown> {
    await using model = startModelServer();
    await using place = await workplace({ ...env, OPENAI_BASE_URL: model.url });
    const { code, stderr } = await place.dotevals(...args);
    assertEquals(code, 0, stderr);
    return await shown(place, EXPERIMENT);
  }
  const running = run();
  known.set(env.ITEMS, running);
  return running;
}

/** Waits so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
