/**
 * A machine with a secret on it, and servers that watch where it goes.
 *
 * @module
 */
import {
  type ModuleServer,
  serveModules,
} from "../../src/providers/sandbox/testing/module_server.ts";
import { ADDRESSES6, NAMES } from "./attacks/addresses.ts";
import { ATTACKS } from "./attacks/all.ts";
import type { World } from "./attacks/attack.ts";
import { hostilePlugin } from "./hostile_plugin.ts";
import { nameOfThisMachine } from "./name_of_this_machine.ts";
import { serveNames } from "./name_server.ts";

/** A package without others, which `/packaged.js` imports. */
const PACKAGE = "npm:ms@2.1.3";

/** What is seen of a connection, whatever was said over it. */
export const CONNECTION = "a connection";

/** A world, and what was seen in it. */
export interface HostileWorld extends AsyncDisposable {
  readonly world: World;
  /**
   * The plugin's origin: `/plugin.js`; `/packaged.js`, the same with a package of npm; and
   * `/named.js`, which was granted a name alone.
   */
  readonly own: ModuleServer;
  /** Every request that anybody got. */
  requests(): readonly string[];
  /** Every request that those got of whom nothing was granted. */
  unwanted(): readonly string[];
  /** Forgets all requests. */
  forget(): void;
}

/** Makes one. */
export async function hostileWorld(): Promise<HostileWorld> {
  await using made = new AsyncDisposableStack();
  const secret = `secret${crypto.randomUUID().replaceAll("-", "")}`;
  const says = `postMessage({ text: "${secret}" });`;
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hostile" }));
  made.defer(() => Deno.remove(folder, { recursive: true }));
  await writeSecrets(folder, secret);
  const held = await Deno.open(`${folder}/secret.txt`);
  made.defer(() => held.close());
  const socket = Deno.listen({ transport: "unix", path: `${folder}/socket` });
  made.defer(() => socket.close());

  const modules = { "/worker.js": says, "/x.js": "" };
  const other = made.use(serveModules(modules));
  const other6 = serveModules6(modules);
  if (other6) made.use(other6);
  const taker = made.use(takeConnections());
  const allowed = made.use(serveModules({}));
  const own = made.use(serveModules({ "/worker.js": says }));
  const names = made.use(await serveNames());
  const world: World = {
    secret,
    folder,
    own: own.origin,
    other: other.origin,
    other6: other6?.origin,
    port: taker.port,
    allowed: allowed.origin,
    named: await nameOfThisMachine(new URL(other.origin).port),
    dns: names.port,
  };
  allowed.modules.set("/to-other", new URL(`${other.origin}/redirected?${secret}`));
  const plugin = hostilePlugin([...ATTACKS, ...ADDRESSES6], { net: [allowed.host] });
  own.modules.set("/plugin.js", plugin);
  own.modules.set("/packaged.js", `import "${PACKAGE}";\n${plugin}`);
  if (world.named) {
    own.modules.set("/named.js", hostilePlugin(NAMES, { net: [new URL(world.named).host] }));
  }
  const strangers = [other, ...other6 ? [other6] : [], taker, names, own];
  const everybody = [allowed, ...strangers];
  const seen = (by: readonly { readonly requests: readonly string[] }[]) =>
    by.flatMap(({ requests }) => requests);
  const whole = made.move();
  return {
    world,
    own,
    requests: () => seen(everybody),
    unwanted: () => seen(strangers),
    forget: () => everybody.forEach(({ requests }) => requests.length = 0),
    [Symbol.asyncDispose]: () => whole[Symbol.asyncDispose](),
  };
}

async function writeSecrets(folder: string, secret: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/secret.txt`, secret);
  await Deno.writeTextFile(`${folder}/secret.js`, `export default "${secret}";`);
  await Deno.writeTextFile(`${folder}/secret.json`, `{ "secret": "${secret}" }`);
  await Deno.writeTextFile(`${folder}/worker.js`, `postMessage({ text: "${secret}" });`);
  await Deno.writeTextFile(`${folder}/removable`, "");
}

/** Not every machine has IPv6. */
function serveModules6(modules: Readonly<Record<string, string>>): ModuleServer | undefined {
  try {
    return serveModules(modules, { hostname: "::1" });
  } catch {
    return undefined;
  }
}

interface Taker extends AsyncDisposable {
  readonly port: number;
  readonly requests: string[];
}

/** Takes any connection, of whatever protocol, and closes it once somebody has said something. */
function takeConnections(): Taker {
  const requests: string[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const over = (async () => {
    for await (const connection of listener) {
      requests.push(CONNECTION);
      const buffer = new Uint8Array(1024);
      await connection.read(buffer).catch(() => {});
      connection.close();
    }
  })();
  return {
    port: listener.addr.port,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      await over;
    },
  };
}
