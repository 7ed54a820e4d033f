/**
 * The least that can be done: as many questions, as many at once, by `fetch` alone, the answers
 * read and thrown away. Its argument is `{"url": "…", "items": 10, "concurrency": 2}`.
 *
 * @module
 */
const { url, items, concurrency } = JSON.parse(Deno.args[0] ?? "");
let next = 0;

async function lane(): Promise<void> {
  while (next < items) {
    const messages = [{ role: "user", content: `item ${next++}` }];
    const response = await fetch(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "m", messages }),
    });
    await response.json();
  }
}

await Promise.all(Array.from({ length: concurrency }, lane));
