import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BAD_ROW, isBadRow } from "../evaluation/bad_row.ts";
import { DatasetError } from "./dataset_error.ts";
import { huggingFace, type HuggingFaceOptions } from "./hugging_face.ts";
import { hubOf, type HubStandIn, type HubStandInSplit } from "./testing/hub.ts";

const rows = Array.from({ length: 250 }, (_, n) => ({
  question: `What is ${n} + 1?`,
  choices: [`${n}`, `${n + 1}`],
  answer: n + 1,
}));

const split = { repository: "acme/sums", config: "main", split: "test", rows, files: 2 };

/** A hub, and a way to read from it with a cache of its own. */
async function withHub(
  splits: readonly HubStandInSplit[],
  test: (
    read: (options?: HuggingFaceOptions) => Promise<unknown[]>,
    hub: HubStandIn,
    notes: string[],
  ) => Promise<void>,
): Promise<void> {
  const cache = await Deno.makeTempDir();
  const notes: string[] = [];
  try {
    await using hub = hubOf(splits);
    const options = {
      baseUrl: hub.url,
      rowsUrl: hub.url,
      cache,
      onNote: (note: string) => void notes.push(note),
      config: "main",
      split: "test",
    };
    await test(
      (more) => Array.fromAsync(huggingFace("acme/sums", { ...options, ...more })),
      hub,
      notes,
    );
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

Deno.test("huggingFace() reads a split from all of its Parquet files, and downloads them once", async () => {
  await withHub([{ ...split, split: "test_more" }, split], async (read, hub) => {
    assertEquals<unknown[]>(await read(), rows);
    assertEquals<unknown[]>(await read(), rows);
    const files = hub.requests.filter((request) => request.includes("refs/convert/parquet"));
    assertEquals(files.map((request) => request.slice(-3)), ["200", "200", "304", "304"]);
  });
});

Deno.test("huggingFace() reads the files of a revision, checks them, and does not ask for them again", async () => {
  await withHub([{ ...split, split: "test_more" }, split], async (read, hub) => {
    assertEquals<unknown[]>(await read({ revision: "v1" }), rows);
    assertEquals<unknown[]>(await read({ revision: "v1" }), rows);
    assertEquals(hub.requests.filter((request) => request.includes("/resolve/v1/")).length, 2);
    await assertRejects(() => read({ revision: "v2" }), DatasetError, "has no split");
  });
});

Deno.test("huggingFace() reads all pages of a folder's listing, also from what it kept", async () => {
  const config = [{ ...split, split: "dev", files: 5 }, { ...split, files: 3 }];
  await withHub(config, async (read, hub) => {
    assertEquals<unknown[]>(await read({ revision: "v1" }), rows);
    const pages = () => hub.requests.filter((request) => request.includes("/tree/v1/main"));
    assertEquals(pages().length, 4);
    await hub[Symbol.asyncDispose]();
    assertEquals<unknown[]>(await read({ revision: "v1" }), rows);
  });
});

Deno.test("huggingFace() gives the same rows by the rows endpoint, 100 at a time", async () => {
  await withHub([split], async (read, hub) => {
    assertEquals<unknown[]>(await read({ via: "rows" }), rows);
    assertEquals(hub.requests.length, 3);
    const wrong = await assertRejects(() => read({ via: "rows", split: "dev" }), DatasetError);
    assertEquals(wrong.code, "dataset-missing");
  });
  assertThrows(() => huggingFace("a/b", { via: "rows", revision: "v1" }), TypeError, "revisions");
});

Deno.test("a row of which the rows endpoint cut something off becomes a bad row", async () => {
  const long = [{ question: "short" }, { question: "x".repeat(2000) }];
  await withHub([{ ...split, rows: long, files: 1 }], async (read) => {
    const [whole, cut] = await read({ via: "rows" });
    assertEquals(whole, { question: "short" });
    assert(isBadRow(cut));
    assert(cut[BAD_ROW].error.message.startsWith("acme/sums, row 2: "));
    assertEquals<unknown[]>(await read(), long);
  });
});

Deno.test("huggingFace() says what the hub does not have", async () => {
  await withHub([split], async (read) => {
    for (const wrong of [{ split: "dev" }, { config: "other" }]) {
      const error = await assertRejects(() => read(wrong), DatasetError, "The hub has no split");
      assertEquals(error.code, "dataset-missing");
    }
  });
});

Deno.test("huggingFace() reads what it kept while the hub is away, with notes", async () => {
  await withHub([split], async (read, hub, notes) => {
    await read();
    await hub[Symbol.asyncDispose]();
    assertEquals<unknown[]>(await read(), rows);
    assertEquals(notes.length, 3); // the listing and two files
  });
});

Deno.test("huggingFace() sends its token to the hub, and to no other server", async () => {
  await withHub([{ ...split, token: "hf_secret" }], async (read) => {
    const error = await assertRejects(() => read(), DatasetError, "401");
    assertEquals(error.code, "dataset-http");
    assertEquals<unknown[]>(await read({ token: "hf_secret" }), rows);
  });
  const seen: (string | null)[] = [];
  const other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.push(request.headers.get("authorization"));
    return new Response("", { status: 404 });
  });
  const hub = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json([`http://127.0.0.1:${other.addr.port}/0.parquet`]);
  });
  const baseUrl = `http://127.0.0.1:${hub.addr.port}`;
  const rowsOf = huggingFace("acme/sums", { baseUrl, token: "hf_secret", cache: false });
  await assertRejects(() => Array.fromAsync(rowsOf), DatasetError);
  assertEquals(seen, ["Bearer hf_secret", null]);
  await Promise.all([hub.shutdown(), other.shutdown()]);
});
