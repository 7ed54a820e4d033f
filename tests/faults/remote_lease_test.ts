import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";
import { openStorage } from "../../src/storage/open.ts";
import { readUntil, shown, workplace } from "../cli/command.ts";
import { finished } from "../finished.ts";
import { sqldMissing, startSqld } from "../sqld.ts";
import { pause } from "./remote_place.ts";
import { filesIn } from "./stored_remotely.ts";

const PROGRAM = fromFileUrl(new URL("./remote_session.ts", import.meta.url));

function session(...args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROGRAM, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test({
  name: "a session that slept while another took over writes nothing more, and says why",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    await using place = await workplace({ DOTEVALS_STORAGE: server.url });
    const [spool, go] = [join(place.folder, "spool"), join(place.folder, "go")];
    const first = session(server.url, spool, "e", go);
    await readUntil(first.stdout, "waiting", 4);
    const early = await finished(session(server.url, spool, "e"));
    assertEquals(early.code, 3);
    assertMatch(early.stderr, new RegExp(`in use: process ${first.pid} on .*heartbeat \\d+ s ago`));

    first.kill("SIGSTOP");
    await using storage = await openStorage(server.url, { mode: "read" });
    while ((await storage.experiment("e"))?.status === "running") await pause(20);
    const second = await finished(session(server.url, spool, "e"));
    assertEquals(second.code, 0, second.stderr);
    assertEquals((await storage.experiment("e"))?.completed, 20);
    const revision = (await storage.evaluations("e"))[0]?.revision;

    await Deno.writeTextFile(go, "");
    first.kill("SIGCONT");
    const { code, stderr } = await finished(first);
    assertEquals(code, 3, stderr);
    assertStringIncludes(stderr, 'This session no longer holds the experiment "e"');
    assertStringIncludes(
      stderr,
      "the next session of this experiment in this folder delivers them",
    );
    assertEquals((await storage.evaluations("e"))[0]?.revision, revision, "nothing was written");
    assert((await filesIn(spool)).length > 0);

    const third = await finished(session(server.url, spool, "e"));
    assertEquals(third.code, 0, third.stderr);
    assertEquals(await filesIn(spool), []);
    assertEquals((await finished(session(server.url, spool, "whole"))).code, 0);
    const whole = await shown(place, "whole");
    assertEquals(await shown(place, "e"), { ...whole as object, experiment: "e" });
  },
});
