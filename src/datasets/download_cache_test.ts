import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { DownloadCache } from "./download_cache.ts";
import { filesIn } from "./testing/files.ts";

Deno.test("a download that is cancelled within a read is not kept", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cache = new DownloadCache(folder);
    const stalled = new ReadableStream({
      start: (stream) => stream.enqueue(new Uint8Array([1, 2, 3])),
      // Long enough for a download that looks like a whole one to get its name.
      async cancel() {
        const isPart = (name: string) => name.endsWith(".part");
        while ((await filesIn(`${folder}/content`)).some(isPart)) await delay(1);
      },
    });
    const kept = await cache.keeping(stalled, "key", { etag: '"1"', lastModified: null });
    const reader = kept.getReader();
    assertEquals((await reader.read()).value?.length, 3);
    await delay(0); // until the stream pulls again when it is asked to
    const pending = reader.read();
    await reader.cancel();
    assertEquals((await pending).done, true);
    assertEquals(await filesIn(`${folder}/content`), []);
    assertEquals(await cache.find("key"), undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what a killed process left of a download goes with the next one, and what others write stays", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cache = new DownloadCache(folder);
    const about = { etag: null, lastModified: null };
    const streamOf = (text: string) => new Blob([text]).stream();
    const writing = await cache.keeping(streamOf("one"), "one", about);
    await Deno.writeTextFile(`${folder}/content/left.part`, "half of");
    assertEquals(
      await new Response(await cache.keeping(streamOf("two"), "two", about)).text(),
      "two",
    );
    assertEquals((await filesIn(`${folder}/content`)).includes("left.part"), false);
    assertEquals(await new Response(writing).text(), "one");
    for (const key of ["one", "two"]) {
      const kept = await cache.find(key);
      assertEquals(await new Response(await cache.open(kept?.sha256 ?? "")).text(), key);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
