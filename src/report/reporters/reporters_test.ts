import { assert, assertEquals } from "@std/assert";
import type { Storage } from "../../storage/storage.ts";
import type { StoredRecord } from "../../storage/stored_record.ts";
import { reportExperiment } from "../experiment_report.ts";
import { loadReporter, type Reporter, REPORTER_NAMES, type ReportSource } from "../reporter.ts";
import { demoStorage, fill } from "../testing/filled_storage.ts";

/** How many records were read, and whether a reading was left before its end and closed. */
interface Reading {
  records: number;
  open: number;
}

/** The storage, and what is read of its records. */
function watched(storage: Storage): { readonly storage: Storage; readonly reading: Reading } {
  const reading: Reading = { records: 0, open: 0 };
  async function* records(...args: Parameters<Storage["records"]>): AsyncGenerator<StoredRecord> {
    reading.open++;
    try {
      for await (const record of storage.records(...args)) {
        reading.records++;
        yield record;
      }
    } finally {
      reading.open--;
    }
  }
  const proxy = new Proxy(storage, {
    get(target, name) {
      if (name === "records") return records;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { storage: proxy, reading };
}

async function text(reporter: Reporter, source: ReportSource): Promise<string> {
  return (await Array.fromAsync(reporter(source))).join("");
}

/** What every reporter has to hold to. */
for (const name of REPORTER_NAMES) {
  if (name === "pretty") continue;

  Deno.test(`${name}: the same results give the same text, which ends with a line's end`, async () => {
    await using storage = await demoStorage();
    const reporter = await loadReporter(name);
    const source = async () => ({
      report: await reportExperiment(storage, "demo"),
      storage,
      folder: "/",
      records: "all" as const,
    });
    const first = await text(reporter, await source());
    assertEquals(await text(reporter, await source()), first);
    assert(first.endsWith("\n") && !first.endsWith("\n\n"));
  });

  Deno.test(`${name}: an experiment without evaluations, and one without items, is no error`, async () => {
    await using storage = await demoStorage();
    await fill(storage, "none", []);
    await fill(storage, "empty", [{ name: "empty", records: [] }]);
    const reporter = await loadReporter(name);
    for (const experiment of ["none", "empty"]) {
      const report = await reportExperiment(storage, experiment);
      const whole = await text(reporter, { report, storage, folder: "/" });
      // Nothing is wrong with either: there is nothing to annotate.
      assertEquals(whole === "", name === "github");
    }
  });

  Deno.test(`${name}: who reads no further ends its reading of records`, async () => {
    await using storage = await demoStorage();
    const report = await reportExperiment(storage, "demo");
    const whole = watched(storage);
    const reporter = await loadReporter(name);
    const source = { report, folder: "/", records: "all" as const };
    const pieces = (await Array.fromAsync(reporter({ ...source, storage: whole.storage }))).length;
    assert(whole.reading.records > 0);
    assertEquals(whole.reading.open, 0);
    for (let taken = 1; taken < pieces; taken++) {
      const part = watched(storage);
      let count = 0;
      for await (const _ of reporter({ ...source, storage: part.storage })) {
        count++;
        if (count === taken) break;
      }
      assertEquals(part.reading.open, 0);
      assert(part.reading.records <= whole.reading.records);
    }
  });
}
