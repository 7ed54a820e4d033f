import { assertRejects } from "@std/assert";
import { join } from "@std/path/join";
import { DotevalsError } from "../errors.ts";
import { fakeIo } from "./testing/fake_io.ts";
import { checkReports } from "./write_reports.ts";

Deno.test("checkReports() refuses two reports whose paths name one file, by a link", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [target, link] = [join(folder, "target"), join(folder, "link")];
    await Deno.writeTextFile(target, "old");
    await Deno.symlink(target, link);
    const wanted = [{ name: "json", file: target }, { name: "junit", file: link }] as const;
    const io = fakeIo({});
    await checkReports(wanted.slice(0, 1), io);
    await checkReports(wanted.slice(1), io);
    await assertRejects(() => checkReports(wanted, io), DotevalsError, "Two reporters write to");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
