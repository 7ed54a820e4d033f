/**
 * The reporter `jsonl` during a run: results are written as they are committed.
 *
 * @module
 */
import { resolve } from "@std/path/resolve";
import { messageOf } from "../errors.ts";
import type { ExperimentReport } from "../report/experiment_report.ts";
import { evaluationLine, experimentLine, resultLine } from "../report/result_line.ts";
import type { RunListener } from "../run/events.ts";
import type { Storage } from "../storage/storage.ts";
import { canonical } from "../values/canonical.ts";
import { writeAllSync } from "../write_all.ts";
import { type CommandIo, OutputClosedError } from "./command.ts";
import type { WantedReport } from "./reporter_option.ts";

/** A report that is written while the session runs. */
export interface ResultStream extends Disposable {
  /** Writes the results of a commit; never throws. */
  readonly listen: RunListener;
  /** Writes what is known at the end: the evaluations with their metrics. */
  finish(report: ExperimentReport, storage: Storage): Promise<void>;
  /** Why nothing is written any more; `undefined` where all is well. */
  readonly failure: unknown;
}

/** Starts the file or standard output anew. */
export function openResultStream({ file }: WantedReport, io: CommandIo): ResultStream {
  const opened = file === undefined
    ? undefined
    : Deno.openSync(resolve(io.cwd, file), { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  let failure: unknown;
  let closed = false;
  function close(): void {
    if (!closed) opened?.close();
    closed = true;
  }
  function write(text: string): void {
    if (closed) return;
    try {
      if (opened) writeAllSync(opened, encoder.encode(text));
      else io.stdout.write(text);
    } catch (error) {
      if (!(error instanceof OutputClosedError)) failure = error;
      close();
    }
  }
  return {
    listen(event) {
      if (event.type === "session-started") write(experimentLine(event.experiment));
      if (event.type !== "items-committed") return;
      const { name, variant } = event.evaluation;
      const evaluation = { name, variant: canonical(variant) };
      write(event.records.map((record) => resultLine(record, evaluation)).join(""));
    },
    async finish({ evaluations }, storage) {
      for (const { stored } of evaluations) {
        write(evaluationLine(stored, await storage.metrics(stored.id)));
      }
    },
    get failure() {
      return failure === undefined
        ? undefined
        : new Error(`The report jsonl is incomplete${place(file)}: ${messageOf(failure)}`);
    },
    [Symbol.dispose]: close,
  };
}

function place(file: string | undefined): string {
  return file === undefined ? "" : ` in "${file}"`;
}
