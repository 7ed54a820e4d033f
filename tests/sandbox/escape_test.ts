import { workplace } from "../cli/command.ts";
import { finished } from "../finished.ts";
import { runEscapes } from "./escapes.ts";

Deno.test("hostile plugins get out of their sandbox in no way", async (t) => {
  await using place = await workplace();
  await runEscapes(t, {
    folder: place.folder,
    core: import.meta.resolve("../../mod.ts"),
    dotevals: (args, env) => finished(place.start(args, { env })),
  });
});
