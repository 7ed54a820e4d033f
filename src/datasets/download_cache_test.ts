import { assertEquals } from "@std/assert";
import { DownloadCache } from "./download_cache.ts";
import { filesIn } from "./testing/files.ts";

Deno.test("a download that is cancelled within a read is not kept", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cache = new DownloadCache(folder);
    const stalled = new ReadableStream({
      start: (stream) => stream.enqueue(new Uint8Array([1, 2, 3])),
    });
    const kept = await cache.keeping(stalled, "key", { etag: '"1"', lastModified: null });
    const reader = kept.getReader();
    assertEquals((await reader.read()).value?.length, 3);
    const pending = reader.read();
    await reader.cancel();
    assertEquals((await pending).done, true);
    assertEquals(await filesIn(`${folder}/content`), []);
    assertEquals(await cache.find("key"), undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
