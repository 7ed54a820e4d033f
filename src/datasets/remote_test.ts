import { assert, assertEquals, assertRejects } from "@std/assert";
import { hash } from "node:crypto";
import { DatasetError } from "./dataset_error.ts";
import { jsonl } from "./jsonl.ts";
import { filesIn } from "./testing/files.ts";
import { serve, type TestServer } from "./testing/server.ts";

/** A server of one file that can change and be away, and a folder to keep files in. */
interface World extends AsyncDisposable {
  readonly url: string;
  readonly cache: string;
  /** The status of each answer so far. */
  readonly answers: number[];
  readonly notes: string[];
  content: string;
  status: number;
  stop(): Promise<void>;
  rows(options?: { readonly sha256?: string }): Promise<unknown[]>;
}

async function world(): Promise<World> {
  const cache = await Deno.makeTempDir();
  const answers: number[] = [];
  const notes: string[] = [];
  let server: TestServer | undefined = serve((request) => {
    const etag = `"${hash("sha256", made.content, "hex")}"`;
    const same = request.headers.get("if-none-match") === etag;
    const status = made.status === 200 && same ? 304 : made.status;
    answers.push(status);
    return new Response(status === 200 ? made.content : null, { status, headers: { etag } });
  });
  const stop = async () => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  const made: World = {
    url: `${server.url}rows.jsonl?token=secret`,
    cache,
    answers,
    notes,
    content: '{"a":1}\n',
    status: 200,
    stop,
    rows: (options = {}) =>
      Array.fromAsync(
        jsonl(made.url, { cache, onNote: (note) => void notes.push(note), ...options }),
      ),
    async [Symbol.asyncDispose]() {
      await stop();
      await Deno.remove(cache, { recursive: true });
    },
  };
  return made;
}

Deno.test("a file on a server is kept by its content, and asked for again only if it changed", async () => {
  await using file = await world();
  assertEquals(await file.rows(), [{ a: 1 }]);
  assertEquals(await file.rows(), [{ a: 1 }]);
  file.content = '{"a":2}\n';
  assertEquals(await file.rows(), [{ a: 2 }]);
  assertEquals(file.answers, [200, 304, 200]);
  const contents = ['{"a":1}\n', '{"a":2}\n'].map((text) => hash("sha256", text, "hex"));
  assertEquals((await filesIn(`${file.cache}/content`)).toSorted(), contents.toSorted());
  for (const name of await filesIn(`${file.cache}/urls`)) {
    assert(!(await Deno.readTextFile(`${file.cache}/urls/${name}`)).includes("secret"));
  }
});

Deno.test("what is kept stands in for a server that is away or failing, with a note", async () => {
  await using file = await world();
  await file.rows();
  file.status = 503;
  assertEquals(await file.rows(), [{ a: 1 }]);
  file.status = 429;
  assertEquals(await file.rows(), [{ a: 1 }]);
  await file.stop();
  assertEquals(await file.rows(), [{ a: 1 }]);
  assertEquals(file.notes.length, 3);
  assert(file.notes[0]?.includes("503") && file.notes[2]?.includes("cannot be reached"));
  for (const note of file.notes) assert(note.endsWith("The rows are those of its last download."));
  assert(!file.notes.join().includes("secret"));
});

Deno.test("a file that is gone or forbidden is an error, whatever is kept", async () => {
  await using file = await world();
  await file.rows();
  for (const status of [404, 401]) {
    file.status = status;
    await assertRejects(() => file.rows(), DatasetError, String(status));
  }
});

Deno.test("with a checksum, what is kept is read without a request, and nothing else is", async () => {
  await using file = await world();
  const sha256 = hash("sha256", file.content, "hex");
  assertEquals(await file.rows({ sha256 }), [{ a: 1 }]);
  assertEquals(await file.rows({ sha256 }), [{ a: 1 }]);
  assertEquals(file.answers, [200]);
  await Deno.writeTextFile(`${file.cache}/content/${sha256}`, '{"a":3}\n');
  assertEquals(await file.rows({ sha256 }), [{ a: 1 }]);
  file.content = '{"a":2}\n';
  await Deno.remove(file.cache, { recursive: true });
  const error = await assertRejects(() => file.rows({ sha256 }), DatasetError);
  assertEquals(error.code, "dataset-changed");
});

Deno.test("a checksum holds without a cache, too", async () => {
  await using file = await world();
  const rows = (sha256: string) => Array.fromAsync(jsonl(file.url, { cache: false, sha256 }));
  assertEquals(await rows(hash("sha256", file.content, "hex")), [{ a: 1 }]);
  await assertRejects(() => rows(hash("sha256", "other", "hex")), DatasetError, "has changed");
});

Deno.test("a download that is left early is not kept", async () => {
  await using file = await world();
  file.content = '{"a":1}\n'.repeat(100_000);
  for await (const _ of jsonl(file.url, { cache: file.cache })) break;
  assertEquals(await filesIn(`${file.cache}/content`), []);
  assertEquals((await file.rows()).length, 100_000);
  assertEquals(file.answers, [200, 200]);
});

Deno.test("where nothing can be kept, rows are read all the same", async () => {
  await using file = await world();
  const blocked = `${file.cache}/file`;
  await Deno.writeTextFile(blocked, "");
  const sha256 = hash("sha256", file.content, "hex");
  assertEquals(await Array.fromAsync(jsonl(file.url, { cache: blocked })), [{ a: 1 }]);
  assertEquals(await Array.fromAsync(jsonl(file.url, { cache: blocked, sha256 })), [{ a: 1 }]);
});
