/**
 * What is worth knowing of a sound storage.
 *
 * @module
 */
import type { Database } from "./database.ts";
import type { Finding } from "./finding.ts";
import { namedLeases } from "./live_leases.ts";
import { numberAt } from "./sql.ts";
import { waitingResults } from "./waiting_results.ts";

/** Results in older generations, which take room and count for nothing. */
export async function noteOlder(database: Database): Promise<readonly Finding[]> {
  const [row = []] = await database.rows({
    sql: `SELECT count(*), total((SELECT count(*) FROM items WHERE evaluation_id = o.id))
      FROM evaluations o WHERE EXISTS (SELECT 1 FROM evaluations n
        WHERE n.experiment_id = o.experiment_id AND n.name = o.name AND n.variant = o.variant
          AND n.generation > o.generation)`,
  });
  const [generations, results] = [numberAt(row, 0), numberAt(row, 1)];
  return generations === 0 ? [] : [{
    code: "older-generations",
    text: `${results} results are of ${generations} older generations, which --fresh replaced.`,
    hint: "They go when a pass over the newer one comes to its end without an error.",
  }];
}

/** Sessions that write now, and those that left without a word. */
export async function noteLeases(database: Database): Promise<readonly Finding[]> {
  return (await namedLeases(database)).map(({ experiment, pid, host, age, live }) => {
    const who = `process ${pid} on ${host} (last heartbeat ${Math.round(age / 1000)} s ago)`;
    return live
      ? {
        code: "in-use",
        text: `The experiment ${JSON.stringify(experiment)} is being written to by ${who}.`,
        hint: "What it records meanwhile may be missing here.",
      }
      : {
        code: "left-open",
        text: `The experiment ${JSON.stringify(experiment)} was left open by ${who}.`,
        hint: "Nothing needs to be done: the next session takes over.",
      };
  });
}

/** Results that wait in a folder on this machine. */
export async function noteSpool(
  folder: string,
  location: string,
): Promise<{ readonly problems: readonly Finding[]; readonly notes: readonly Finding[] }> {
  const waiting = await waitingResults(folder, location);
  return {
    problems: waiting.filter(({ held, setAside }) => !held && !setAside).map((file) => ({
      code: "results-waiting",
      text: `${file.results} results of ${JSON.stringify(file.experiment)} wait in ${file.path}.`,
      hint: `Run that experiment again in this folder: they are delivered first.`,
    })),
    notes: waiting.filter(({ held, setAside }) => held || setAside).map((file) => ({
      code: file.held ? "results-on-their-way" : "results-set-aside",
      text: file.held
        ? `${file.results} results of ${JSON.stringify(file.experiment)} are on their way.`
        : `${file.results} results of ${
          JSON.stringify(file.experiment)
        } are set aside in ${file.path}.`,
      hint: file.held
        ? "The session that runs now delivers them."
        : "Their evaluation was deleted or defined anew; delete the file if you do not need them.",
    })),
  };
}
