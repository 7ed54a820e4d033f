import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { sqldMissing, startSqld } from "../../tests/sqld.ts";
import { DotevalsError } from "../errors.ts";
import { freePort } from "../testing/free_port.ts";
import { openFileExecutor } from "./file_executor.ts";
import { openStorage } from "./open.ts";
import { MIGRATIONS } from "./schema.ts";
import { now, record, start } from "./testing/samples.ts";

/** What opening a location is refused with. */
async function refusal(
  location: string,
  options: { mode?: "read" | "write"; authToken?: string } = {},
): Promise<DotevalsError> {
  const opening = async () => {
    await using _storage = await openStorage(location, { mode: "write", ...options });
  };
  return await assertRejects(opening, DotevalsError);
}

/** Runs `fn` in an empty folder that is removed afterwards. */
async function inFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  try {
    await fn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openStorage() keeps in a file what was recorded", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a", "b", "results.db");
    {
      await using storage = await openStorage(`file:${path}`, { mode: "write" });
      assertEquals(storage.location, `file:${path}`);
      await using started = await start(storage);
      await started.session.commit([record(started.evaluation, 0)]);
    }
    await using storage = await openStorage(path, { mode: "read" });
    assertEquals((await now(storage)).completed, 1);
    await using started = await start(storage);
    assertEquals((await started.session.commit([record(started.evaluation, 1)])).recorded, 1);
  });
});

Deno.test("a session ends when its file is deleted, moved or replaced: nothing more is kept", async () => {
  const losses: readonly ((path: string, folder: string) => Promise<void>)[] = [
    (_, folder) => Deno.remove(folder, { recursive: true }),
    (path) => Deno.rename(path, `${path}.old`),
    async (path) => {
      await Deno.copyFile(path, `${path}.copy`);
      await Deno.rename(`${path}.copy`, path);
    },
  ];
  for (const lose of losses) {
    await inFolder(async (outer) => {
      const folder = join(outer, "storage");
      const path = join(folder, "x.db");
      await using storage = await openStorage(path, { mode: "write" });
      await using started = await start(storage);
      await started.session.commit([record(started.evaluation, 0)]);
      await lose(path, folder);
      const commit = () => started.session.commit([record(started.evaluation, 1)]);
      const error = await assertRejects(commit, DotevalsError);
      assertEquals([error.code, error.exitCode], ["storage-gone", 3]);
      assertStringIncludes(error.message, "x.db");
    });
  }
});

Deno.test("a database that links lead to is held under all its names", async () => {
  await inFolder(async (folder) => {
    const [path, link] = [join(folder, "x.db"), join(folder, "link.db")];
    await Deno.symlink(path, link);
    await using storage = await openStorage(path, { mode: "write" });
    await using started = await start(storage);
    await using other = await openStorage(link, { mode: "write" });
    const error = await assertRejects(() => start(other), DotevalsError);
    assertEquals(error.code, "experiment-locked");
    await started.session.commit([record(started.evaluation, 0)]);
  });
});

Deno.test("openStorage() leaves no lock and no log with anything in it", async () => {
  await inFolder(async (folder) => {
    {
      await using storage = await openStorage(`file:${join(folder, "x.db")}`, { mode: "write" });
      await using started = await start(storage);
      await started.session.commit([record(started.evaluation, 0)]);
    }
    for await (const { name } of Deno.readDir(folder)) {
      const { size } = await Deno.stat(join(folder, name));
      assert(name === "x.db" || name === "x.db-shm" || size === 0, name);
      assert(!name.endsWith(".lock"), name);
    }
  });
});

Deno.test("openStorage() opens a storage in memory", async () => {
  await using storage = await openStorage("memory:", { mode: "write" });
  assertEquals(storage.location, "memory:");
  assertEquals(await storage.experiments(), []);
});

Deno.test("openStorage() names the forms of a location that it knows", async () => {
  for (const location of ["postgres://host/db", "results", "", "memory", "file:", "s3://bucket"]) {
    const error = await refusal(location);
    assertEquals([error.code, error.exitCode], ["unknown-storage", 2]);
    assertStringIncludes(error.message, JSON.stringify(location));
    for (const form of ["file:PATH", ".db", "libsql://HOST", "https://HOST", "memory:"]) {
      assertStringIncludes(error.hint ?? "", form);
    }
  }
  assert(!(await refusal("mysql://me:secret@host")).message.includes("secret"));
});

Deno.test("openStorage() says that there is nothing to read, and makes nothing", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "none.db");
    const error = await refusal(`file:${path}`, { mode: "read" });
    assertEquals([error.code, error.exitCode], ["no-storage", 2]);
    assertStringIncludes(error.message, path);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("openStorage() refuses a file that is no database, and leaves it as it is", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "notes.db");
    const text = "These are my notes.\n".repeat(500);
    await Deno.writeTextFile(path, text);
    for (const mode of ["read", "write"] as const) {
      const error = await refusal(`file:${path}`, { mode });
      assertEquals([error.code, error.exitCode], ["storage-not-a-database", 3]);
      assertStringIncludes(error.message, path);
      assert(error.hint !== undefined);
    }
    assertEquals(await Deno.readTextFile(path), text);
  });
});

Deno.test("openStorage() refuses a folder in the place of a file", async () => {
  await inFolder(async (folder) => {
    const error = await refusal(`file:${folder}`);
    assertEquals([error.code, error.exitCode], ["storage-unreachable", 3]);
    assertStringIncludes(error.message, folder);
  });
});

Deno.test("openStorage() refuses a place that is below a file", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    const error = await refusal(`file:${join(file, "results.db")}`);
    assertEquals([error.code, error.exitCode], ["storage-unreachable", 3]);
  });
});

Deno.test("openStorage() refuses a newer schema and tables of something else", async () => {
  await inFolder(async (folder) => {
    const newer = join(folder, "newer.db");
    await (await openStorage(newer, { mode: "write" }))[Symbol.asyncDispose]();
    await execute(newer, `INSERT INTO schema_migrations VALUES (${MIGRATIONS.length + 1}, 0)`);
    for (const mode of ["read", "write"] as const) {
      const error = await refusal(newer, { mode });
      assertEquals([error.code, error.exitCode], ["storage-too-new", 3]);
      assertStringIncludes(error.message, `${MIGRATIONS.length + 1}`);
    }
    const other = join(folder, "other.db");
    await execute(other, "CREATE TABLE items (name TEXT)");
    const error = await refusal(other);
    assertEquals([error.code, error.exitCode], ["storage-not-ours", 3]);
    assertEquals((await refusal(other, { mode: "read" })).code, "no-storage");
  });
});

Deno.test("openStorage() lets many open a new file at the same time", async () => {
  await inFolder(async (folder) => {
    const opening = Array.from({ length: 5 }, () => {
      return openStorage(`file:${join(folder, "new.db")}`, { mode: "write" });
    });
    const storages = await Promise.all(opening);
    for (const storage of storages) assertEquals(await storage.experiments(), []);
    await Promise.all(storages.map((storage) => storage[Symbol.asyncDispose]()));
  });
});

Deno.test({
  name: "openStorage() refuses what cannot be written",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inFolder(async (folder) => {
      const path = join(folder, "results.db");
      {
        await using storage = await openStorage(path, { mode: "write" });
        await using _started = await start(storage);
      }
      await using _readOnly = await makeReadOnly(folder, path);
      const error = await assertRejects(async () => {
        await using storage = await openStorage(path, { mode: "write" });
        await using _started = await start(storage);
      }, DotevalsError);
      assertEquals([error.code, error.exitCode], ["storage-read-only", 3]);
      assertStringIncludes(error.message, path);
      const inside = await refusal(join(folder, "new", "results.db"));
      assertEquals([inside.code, inside.exitCode], ["storage-read-only", 3]);
    });
  },
});

Deno.test("openStorage() names the server that it cannot reach, without its secrets", async () => {
  const port = freePort();
  for (const scheme of ["http", "https"]) {
    const location = `${scheme}://me:pass-word@127.0.0.1:${port}/?authToken=t0ken`;
    const error = await refusal(location, { authToken: "s3cret" });
    assertEquals([error.code, error.exitCode], ["storage-unreachable", 3]);
    assertStringIncludes(error.message, `${scheme}://127.0.0.1:${port}`);
    const shown = Deno.inspect(error);
    for (const secret of ["pass-word", "t0ken", "s3cret"]) assert(!shown.includes(secret), shown);
  }
});

Deno.test("openStorage() does not repeat a token that cannot be sent", async () => {
  const error = await refusal("http://127.0.0.1:1", { authToken: "s3cret\nt0ken" });
  assertEquals([error.code, error.exitCode], ["storage-unreachable", 3]);
  assert(!/s3cret|t0ken/.test(Deno.inspect(error)), Deno.inspect(error));
});

Deno.test({
  name: "openStorage() says that a server refused the token, without the token",
  ignore: sqldMissing !== undefined,
  async fn() {
    await inFolder(async (folder) => {
      const jwtKeyFile = join(folder, "key.pem");
      await Deno.writeTextFile(jwtKeyFile, await publicKey());
      await using server = await startSqld({ jwtKeyFile });
      for (const authToken of [undefined, "wr0ng.t0ken.here"]) {
        const error = await refusal(server.url, authToken === undefined ? {} : { authToken });
        assertEquals([error.code, error.exitCode], ["storage-unauthorized", 3]);
        assertStringIncludes(error.message, server.url);
        assertStringIncludes(error.hint ?? "", "DOTEVALS_AUTH_TOKEN");
        assert(!Deno.inspect(error).includes("wr0ng"));
      }
    });
  },
});

async function execute(path: string, sql: string): Promise<void> {
  const executor = await openFileExecutor(path);
  await executor.run([{ sql }], "write");
  await executor.close();
}

/** Takes the right to write away; from root, whom modes do not bind, by the file system. */
async function makeReadOnly(folder: string, file: string): Promise<AsyncDisposable> {
  if (Deno.uid() !== 0) {
    await Deno.chmod(file, 0o444);
    await Deno.chmod(folder, 0o555);
    return { [Symbol.asyncDispose]: () => Deno.chmod(folder, 0o755) };
  }
  await chattr("+i", file, folder);
  return { [Symbol.asyncDispose]: () => chattr("-i", folder, file) };
}

async function chattr(...args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command("chattr", { args: [...args] }).output();
  assert(success, "As root, this test needs a file system on which chattr works.");
}

async function publicKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("publicKey" in pair)) throw new TypeError("No pair of keys was made.");
  const der = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return `-----BEGIN PUBLIC KEY-----\n${der.toBase64()}\n-----END PUBLIC KEY-----\n`;
}
