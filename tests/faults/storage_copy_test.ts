import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { finished, fixturePath, type Workplace, workplace } from "../cli/command.ts";
import type { Finished } from "../finished.ts";
import { openDatabase } from "../../src/storage/open_libsql.ts";
import { numberAt } from "../../src/storage/sql.ts";
import { sqldMissing, startSqld } from "../sqld.ts";
import { sqldToken } from "../sqld_token.ts";
import { fillStorage } from "./filled_storage.ts";
import { startProxy } from "./proxy.ts";
import { pause } from "./remote_place.ts";
import { seeded } from "./seeded.ts";

/** All that is shown of an experiment, in a storage. */
async function shownIn(
  place: Workplace,
  experiment: string,
  storage: string,
): Promise<string> {
  const args = ["show", experiment, "--json", "--full", "--storage", storage];
  const { code, stdout, stderr } = await place.dotevals(...args);
  assertEquals(code, 0, stderr);
  return stdout;
}

/** How many items a database file holds now; none where it is not ready. */
async function itemsIn(path: string): Promise<number> {
  try {
    const database = await openDatabase(path, {});
    try {
      const [row = []] = await database.rows({ sql: "SELECT count(*) FROM items" });
      return numberAt(row, 0);
    } finally {
      await database.close();
    }
  } catch {
    return 0;
  }
}

Deno.test("a copy that is killed again and again goes on, and doubles nothing", async () => {
  await using place = await workplace();
  const [from, to] = ["from.db", "to.db"].map((name) => join(place.folder, name)) as [
    string,
    string,
  ];
  const count = 60_000;
  await fillStorage(from, count);
  for (const least of [1, 15_000, 30_000]) {
    const copying = place.start(["storage", "copy", from, to]);
    let ended = false;
    copying.status.then(() => ended = true);
    const output = copying.output();
    while (await itemsIn(to) < least && !ended) await pause(1);
    copying.kill("SIGKILL");
    await output;
    const copied = await itemsIn(to);
    assert(copied >= least && copied < count, `${copied} were copied at the kill`);
    const [listed] = JSON.parse(
      (await place.dotevals("list", "--json", "--storage", to)).stdout,
    );
    assertEquals([listed.status, listed.completed], ["incomplete", copied]);
    // What was not copied yet would be asked again.
    const refused = await runIn(place, to);
    assertEquals(refused.code, 3, refused.stderr);
    assertStringIncludes(refused.stderr, '"large" is here only in part');
    assertEquals(await itemsIn(to), copied);
  }
  const before = await itemsIn(to);
  const { code, stdout, stderr } = await place.dotevals("storage", "copy", from, to);
  assertEquals(code, 0, stderr);
  assertStringIncludes(
    stdout,
    `large: 1 evaluation, 60,000 results (${before.toLocaleString("en")} were there), verified, `,
  );
  assertEquals(await itemsIn(to), count);
  assertEquals(await shownIn(place, "large", to), await shownIn(place, "large", from));
  assertEquals((await runIn(place, to)).code, 0);
});

/** Runs an evaluation of its own in the experiment that was copied. */
function runIn(place: Workplace, storage: string): Promise<Finished> {
  const args = ["run", fixturePath("generated"), "--experiment", "large", "--storage", storage];
  return finished(place.start(args, { env: { ROWS: "1" } }));
}

Deno.test({
  name: "what is copied to a server and back over a bad network is what it was",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using place = await workplace();
    await using server = await startSqld();
    await using proxy = startProxy(server.url, { resets: 0.05, random: seeded(5) });
    for (const [fixture, ...more] of [["basic"], ["variants", "--model", "echo:"], ["failing"]]) {
      const args = [fixturePath(fixture ?? ""), "--experiment", `all/${fixture}`, ...more];
      await place.dotevals("run", ...args);
    }
    const here = join(place.folder, ".dotevals", "dotevals.db");
    await fillStorage(here, 5_000);
    const there = await place.dotevals("storage", "copy", here, proxy.url);
    assertEquals(there.code, 0, there.stderr);
    const back = await place.dotevals("storage", "copy", proxy.url, "back.db");
    assertEquals(back.code, 0, back.stderr);
    assert(proxy.reset > 0, "nothing was reset");
    assertEquals(back.stdout, there.stdout, "counts and checksums");
    const list = (storage: string) => place.dotevals("list", "--json", "--storage", storage);
    assertEquals((await list("back.db")).stdout, (await list(here)).stdout);
    for (const experiment of ["all/basic", "all/variants", "all/failing", "large"]) {
      const shown = await shownIn(place, experiment, here);
      assertEquals(await shownIn(place, experiment, server.url), shown);
      assertEquals(await shownIn(place, experiment, "back.db"), shown);
    }
    const again = await place.dotevals(
      ...["run", fixturePath("basic"), "--experiment", "all/basic", "--storage", "back.db"],
    );
    assertStringIncludes(again.stderr, "3 recorded before");
  },
});

Deno.test({
  name: "two servers get the token that is meant for each, and nobody sees one",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using place = await workplace();
    const [one, other] = [await sqldToken(), await sqldToken()];
    await using from = await startSqld({ jwtKeyFile: await place.write("1.pem", one.publicKey) });
    await using to = await startSqld({ jwtKeyFile: await place.write("2.pem", other.publicKey) });
    const env = { DOTEVALS_AUTH_TOKEN: one.token, OTHER_TOKEN: other.token };
    async function dotevals(...args: readonly string[]) {
      const { code, stdout, stderr } = await place.start(args, { env }).output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert(!text.includes(one.token) && !text.includes(other.token), text);
      return { code, text };
    }
    const run = ["run", fixturePath("basic"), "--experiment", "e", "--storage", from.url];
    assertEquals((await dotevals(...run)).code, 0);
    const copy = ["storage", "copy", from.url, to.url];
    const unsaid = await dotevals(...copy);
    assertEquals(unsaid.code, 2);
    assertStringIncludes(unsaid.text, "There are two servers and one access token.");
    const swapped = await dotevals(...copy, "--from-token-variable", "OTHER_TOKEN");
    assertEquals(swapped.code, 3);
    assertStringIncludes(swapped.text, `${from.url} refused the access token`);
    const given = await dotevals(...copy, "--to-token-variable", other.token);
    assertEquals(given.code, 2);
    assertStringIncludes(given.text, "--to-token-variable names a name that is not set");
    const right = await dotevals(...copy, "--to-token-variable", "OTHER_TOKEN");
    assertEquals(right.code, 0, right.text);
    assertMatch(right.text, /^e: 1 evaluation, 3 results, verified, checksum [0-9a-f]{16}$/m);
  },
});
