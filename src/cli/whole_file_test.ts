import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path/join";
import { DotevalsError } from "../errors.ts";
import { checkWritable, writeWhole } from "./whole_file.ts";

async function folder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    names: async () =>
      (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).toSorted(),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("writeWhole() replaces a file only once all of it is there, and leaves nothing beside it", async () => {
  await using place = await folder();
  const path = join(place.path, "report.txt");
  await writeWhole(path, ["one", new TextEncoder().encode("two"), "three"]);
  assertEquals(await Deno.readTextFile(path), "onetwothree");
  async function* broken() {
    yield "half";
    assertEquals((await place.names()).length, 2);
    assertEquals(await Deno.readTextFile(path), "onetwothree");
    throw new RangeError("no more");
  }
  await assertRejects(() => writeWhole(path, broken()), RangeError);
  assertEquals(await place.names(), ["report.txt"]);
  assertEquals(await Deno.readTextFile(path), "onetwothree");
});

Deno.test("writeWhole() writes to devices, and to what a link names", async () => {
  await using place = await folder();
  await checkWritable("/dev/null", { what: "It", name: "/dev/null" });
  await writeWhole("/dev/null", ["gone"]);
  assertEquals((await Deno.stat("/dev/null")).isCharDevice, true);
  const [target, link] = [join(place.path, "target"), join(place.path, "link")];
  await Deno.writeTextFile(target, "old");
  await Deno.symlink(target, link);
  await writeWhole(link, ["new"]);
  assertEquals((await Deno.lstat(link)).isSymlink, true);
  assertEquals(await Deno.readTextFile(target), "new");
});

Deno.test("checkWritable() makes folders, changes no file, and says what is in the way", async () => {
  await using place = await folder();
  const path = join(place.path, "a/b/report.txt");
  await checkWritable(path, { what: "The report", name: "a/b/report.txt" });
  assertEquals(await place.names(), ["a"]);
  assertEquals(await Array.fromAsync(Deno.readDir(join(place.path, "a/b"))), []);
  await Deno.writeTextFile(path, "old");
  await checkWritable(path, { what: "The report", name: "x" });
  assertEquals(await Deno.readTextFile(path), "old");
  const inTheWay = () => checkWritable(join(path, "more"), { what: "The report", name: "more" });
  const { code, message } = await assertRejects(inTheWay, DotevalsError);
  assertEquals(code, "file-not-writable");
  assertEquals(message.startsWith('The report cannot be written to "more": '), true);
});

Deno.test("checkWritable() keeps a report from taking the place of a database", async () => {
  await using place = await folder();
  const path = join(place.path, "dotevals.db");
  await Deno.writeTextFile(path, "SQLite format 3\0and more");
  const { message } = await assertRejects(
    () => checkWritable(path, { what: "The export", name: "dotevals.db" }),
    DotevalsError,
  );
  assertEquals(message, 'The export cannot be written to "dotevals.db": it is a database.');
});
