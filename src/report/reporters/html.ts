/**
 * The reporter `html`: a page in one file, which asks no server for anything.
 *
 * Of a large experiment it holds a part of the items, those with errors first, and says so: counts,
 * metrics and errors by kind are of all.
 *
 * @module
 */
import type { StoredRecord } from "../../storage/stored_record.ts";
import { allCalls, costText } from "../call_table.ts";
import { groupErrors } from "../error_groups.ts";
import type { EvaluationReport } from "../experiment_report.ts";
import { reason } from "../gates/gate_lines.ts";
import { scriptJson } from "../json_text.ts";
import { metricText, metricTitle } from "../metric_text.ts";
import { countText } from "../numbers.ts";
import type { PageErrors, PageEvaluation } from "../page/data.ts";
import { pageEnd, pageStart } from "../page/document.ts";
import { pageError, pageItem } from "../page/page_item.ts";
import { plain } from "../plain_text.ts";
import type { ReportSource } from "../reporter.ts";
import { unfinishedText } from "../unfinished.ts";
import { evaluationLabel } from "../variant_text.ts";

/** Items in the page. */
const ITEMS = 10_000;

/** Characters of their data; browsers read so much in a second. */
const CHARACTERS = 32_000_000;

/** Kinds of errors that are listed. */
const KINDS = 100;

/** The page, in pieces. */
export async function* reporter(source: ReportSource): AsyncGenerator<string> {
  const { report, storage, judgements = [] } = source;
  const { experiment, evaluations } = report;
  yield pageStart();
  yield `{"experiment":${scriptJson(JSON.stringify(plain(experiment)))},"items":[`;
  const shown: number[] = [];
  let [items, characters] = [ITEMS, CHARACTERS];
  let first = true;
  for (const [at, { stored }] of evaluations.entries()) {
    // What one evaluation leaves over is for the others.
    const left = evaluations.length - at;
    const room = { items: Math.ceil(items / left), characters: Math.ceil(characters / left) };
    const read = (errorsOnly: boolean) => storage.records(stored.id, { errorsOnly });
    let count = 0;
    for await (const record of chosen(read, { errors: stored.errors, most: room.items })) {
      const json = scriptJson(JSON.stringify(pageItem(record, at)));
      if (json.length > room.characters) break;
      room.characters -= json.length;
      characters -= json.length;
      count++;
      yield `${first ? "" : ","}\n${json}`;
      first = false;
    }
    items -= count;
    shown.push(count);
  }
  const errors: PageErrors[] = [];
  for (const [at, { stored }] of evaluations.entries()) {
    if (stored.errors === 0) continue;
    const { groups } = await groupErrors(storage.records(stored.id, { errorsOnly: true }));
    errors.push(...groups.map((group) => ({
      evaluation: at,
      ...pageError(group),
      count: group.count,
    })));
  }
  const rest = {
    gates: judgements.map((judgement) => ({
      gate: plain(judgement.gate.text.trim()),
      passed: judgement.passed,
      reason: plain(reason(judgement)),
    })),
    evaluations: evaluations.map((evaluation, at) => ({
      ...pageEvaluation(evaluation, shown[at] ?? 0),
      status: plain(unfinishedText(evaluation, source) ?? evaluation.stored.status),
    })),
    errors: errors.toSorted((a, b) => b.count - a.count).slice(0, KINDS),
  };
  yield `],${scriptJson(JSON.stringify(rest)).slice(1)}`;
  yield pageEnd();
}

/** At most so many records: half of them with errors, where there are so many, then all in order. */
async function* chosen(
  read: (errorsOnly: boolean) => AsyncIterable<StoredRecord>,
  { errors, most }: { readonly errors: number; readonly most: number },
): AsyncGenerator<StoredRecord> {
  const taken = new Set<string>();
  const failed = errors === 0 ? 0 : Math.ceil(most / 2);
  for (const errorsOnly of [true, false]) {
    const limit = errorsOnly ? failed : most;
    if (taken.size >= limit) continue;
    for await (const record of read(errorsOnly)) {
      const id = `${record.key} ${record.repeat}`;
      if (record.gone || taken.has(id)) continue;
      taken.add(id);
      yield record;
      if (taken.size >= limit) break;
    }
  }
}

function pageEvaluation(
  { stored, variant, metrics, calls }: EvaluationReport,
  shown: number,
): Omit<PageEvaluation, "status"> {
  const all = allCalls(calls);
  return {
    label: evaluationLabel(stored.name, variant),
    items: stored.items,
    completed: stored.completed,
    errors: stored.errors,
    shown,
    metrics: metrics.map((metric) => ({
      name: plain(metricTitle(metric)),
      text: metricText(metric),
    })),
    tokens: all.tokens === 0 ? "" : countText(all.tokens),
    cost: costText(all),
  };
}
