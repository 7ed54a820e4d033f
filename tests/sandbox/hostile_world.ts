/**
 * A machine with a secret on it, and servers that watch where it goes.
 *
 * @module
 */
import {
  type ModuleServer,
  serveModules,
} from "../../src/providers/sandbox/testing/module_server.ts";
import { ATTACKS, hostilePlugin, NAMED, type World } from "./attacks.ts";

/** A world, and what was seen in it. */
export interface HostileWorld extends AsyncDisposable {
  readonly world: World;
  /** The plugin's origin: `/plugin.js`, and `/named.js`, which was granted a name alone. */
  readonly own: ModuleServer;
  readonly other: ModuleServer;
  readonly allowed: ModuleServer;
  /** Every request that any server got. */
  requests(): readonly string[];
  /** Forgets all requests. */
  forget(): void;
}

/** Makes one. */
export async function hostileWorld(): Promise<HostileWorld> {
  await using made = new AsyncDisposableStack();
  const secret = `secret${crypto.randomUUID().replaceAll("-", "")}`;
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hostile" }));
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const says = `postMessage({ text: "${secret}" });`;
  await Deno.writeTextFile(`${folder}/secret.txt`, secret);
  await Deno.writeTextFile(`${folder}/secret.js`, `export default "${secret}";`);
  await Deno.writeTextFile(`${folder}/secret.json`, `{ "secret": "${secret}" }`);
  await Deno.writeTextFile(`${folder}/worker.js`, says);
  const held = await Deno.open(`${folder}/secret.txt`);
  made.defer(() => held.close());
  const socket = Deno.listen({ transport: "unix", path: `${folder}/socket` });
  made.defer(() => socket.close());

  const other = made.use(serveModules({ "/worker.js": says, "/x.js": "" }));
  const allowed = made.use(serveModules({}));
  const own = made.use(serveModules({ "/worker.js": says }));
  const world: World = {
    secret,
    folder,
    own: own.origin,
    other: other.origin,
    allowed: allowed.origin,
    named: `http://${Deno.hostname()}:${new URL(other.origin).port}`,
  };
  allowed.modules.set("/to-other", new URL(`${other.origin}/redirected?${secret}`));
  own.modules.set("/plugin.js", hostilePlugin(ATTACKS, { net: [allowed.host] }));
  own.modules.set("/named.js", hostilePlugin([NAMED], { net: [new URL(world.named).host] }));
  const servers = [own, other, allowed];
  const whole = made.move();
  return {
    world,
    own,
    other,
    allowed,
    requests: () => servers.flatMap(({ requests }) => requests),
    forget: () => servers.forEach(({ requests }) => requests.length = 0),
    [Symbol.asyncDispose]: () => whole[Symbol.asyncDispose](),
  };
}
