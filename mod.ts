/**
 * Evaluate LLM systems: write an evaluation as a function over a dataset, run it, and
 * find every result recorded and resumable.
 *
 * @example
 * ```ts
 * import { exactMatch, foreach, run } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const dataset = [["What is 2 + 2?", "4"], ["What is 3 + 3?", "6"]];
 *
 * const sums = foreach("question,answer", dataset, async ({ question, answer }, { model }) => {
 *   const response = await model.generate(question);
 *   return exactMatch(response.text, answer);
 * });
 *
 * await using results = await run(sums, { model: "example:arithmetic", storage: "memory:" });
 * assertEquals(results.summary().errors, 0);
 * ```
 *
 * @module
 */
export type { Clock } from "./src/clock.ts";
export { DotevalsError, type DotevalsErrorOptions, type ExitCode } from "./src/errors.ts";

export { type Foreach, foreach, type RowFunction } from "./src/evaluation/foreach.ts";
export {
  type Batch,
  batch,
  type BatchFunction,
  type BatchOutcome,
  type ColumnArrays,
} from "./src/evaluation/batch.ts";
export { EVALUATION, type Evaluation } from "./src/evaluation/evaluation.ts";
export type { BudgetOptions } from "./src/evaluation/budget_options.ts";
export type { BatchOptions, EvaluationOptions, RetryOptions } from "./src/evaluation/options.ts";
export type {
  BaseContext,
  BatchContext,
  Fixtures,
  FixtureValues,
  ItemContext,
  ItemInfo,
  NoFixtures,
  NoParams,
  ParamsOf,
  ParamSpace,
} from "./src/evaluation/context.ts";
export type {
  CheckedColumns,
  ColumnNames,
  ColumnValue,
  HasColumn,
  IndexOf,
  MissingColumns,
  PickedColumns,
  PositionHeld,
  Trim,
  Widened,
} from "./src/evaluation/columns.ts";
export type { CallSite } from "./src/evaluation/call_site.ts";
export type { AnyRow, UnknownRows } from "./src/evaluation/make_evaluation.ts";
export type { Dataset } from "./src/evaluation/dataset.ts";
export {
  FIXTURE,
  type Fixture,
  fixture,
  type FixtureContext,
  type FixtureOptions,
} from "./src/evaluation/fixture.ts";
export {
  type Outcome,
  RESULT,
  type Result,
  result,
  type ResultParts,
} from "./src/evaluation/result.ts";
export {
  asModel,
  type AsModelOptions,
  type ModelOf,
  type PlainAnswer,
  type PlainClient,
} from "./src/evaluation/as_model.ts";
export { SCORE, type Score, score, type ScoreOptions } from "./src/evaluation/score.ts";
export type { ScoreValue } from "./src/evaluation/score_value.ts";
export {
  METRIC,
  type Metric,
  metric,
  type MetricOptions,
  type MetricParameter,
  type MetricState,
  type MetricValue,
  type ScoreAggregate,
  type ScoredItem,
} from "./src/evaluation/metric.ts";

export {
  type Evaluator,
  evaluator,
  type EvaluatorOptions,
  type RenameOptions,
  type Scoring,
} from "./src/evaluation/evaluator.ts";
export { BAD_ROW, type BadRow, badRow, isBadRow } from "./src/evaluation/bad_row.ts";

export { jsonl, type JsonlOptions } from "./src/datasets/jsonl.ts";
export { csv, type CsvOptions } from "./src/datasets/csv.ts";
export { type Rows, rows } from "./src/datasets/rows.ts";
export {
  DATASET,
  type DatasetCard,
  type DatasetDefinition,
  defineDataset,
  type NamedDataset,
} from "./src/datasets/define_dataset.ts";
export type { HubOptions } from "./src/datasets/hub.ts";
export { huggingFace, type HuggingFaceOptions } from "./src/datasets/hugging_face.ts";
export { gsm8k, gsm8kAnswer, gsm8kPrompt, type Gsm8kRow } from "./src/datasets/named/gsm8k.ts";
export {
  humaneval,
  humanevalCode,
  humanevalPrompt,
  type HumanevalRow,
  humanevalTests,
} from "./src/datasets/named/humaneval.ts";
export {
  mmlu,
  mmluAnswer,
  type MmluOptions,
  mmluPrompt,
  type MmluRow,
  type MmluSplit,
} from "./src/datasets/named/mmlu.ts";
export { json, type JsonOptions } from "./src/datasets/json.ts";
export { parquet, type ParquetOptions } from "./src/datasets/parquet.ts";
export { sql, type SqlArgument, type SqlOptions } from "./src/datasets/sql.ts";
export type { SourceOptions } from "./src/datasets/source.ts";
export type { RemoteOptions } from "./src/datasets/request.ts";
export {
  DatasetError,
  type DatasetErrorCode,
  type DatasetErrorOptions,
} from "./src/datasets/dataset_error.ts";
export { afterMarker } from "./src/evaluators/after_marker.ts";
export { bleu, type BleuOptions } from "./src/evaluators/bleu.ts";
export { boxed } from "./src/evaluators/boxed.ts";
export { choiceLetter } from "./src/evaluators/choice_letter.ts";
export { codeBlock } from "./src/evaluators/code_block.ts";
export { codeTests, type CodeTestsOptions } from "./src/evaluators/code_tests.ts";
export { contains } from "./src/evaluators/contains.ts";
export { exactMatch } from "./src/evaluators/exact_match.ts";
export {
  type AutoevalsScore,
  type AutoevalsScorer,
  fromAutoevals,
} from "./src/evaluators/from_autoevals.ts";
export type {
  JsonSchema,
  StandardIssue,
  StandardResult,
  StandardSchema,
} from "./src/evaluators/json_issues.ts";
export { jsonMatch, type JsonMatchOptions } from "./src/evaluators/json_match.ts";
export { lastNumber } from "./src/evaluators/last_number.ts";
export { levenshtein } from "./src/evaluators/levenshtein.ts";
export { type Numeric, numericMatch, type NumericOptions } from "./src/evaluators/numeric_match.ts";
export { oneOf } from "./src/evaluators/one_of.ts";
export type { NumberNotation } from "./src/evaluators/parse_number.ts";
export { regexMatch } from "./src/evaluators/regex_match.ts";
export { rouge, type RougeOptions } from "./src/evaluators/rouge.ts";
export { sqlMatch, type SqlMatchOptions } from "./src/evaluators/sql_match.ts";
export { startsWith } from "./src/evaluators/starts_with.ts";
export {
  type CalledTool,
  type ExpectedCall,
  type JsonType,
  toolCallMatch,
  type ToolCallMatchOptions,
} from "./src/evaluators/tool_call_match.ts";
export { validJson, type ValidJsonOptions } from "./src/evaluators/valid_json.ts";
export type { TextOptions } from "./src/evaluators/text_options.ts";
export { tokenF1, type TokenF1Options } from "./src/evaluators/token_f1.ts";
export { accuracy } from "./src/metrics/accuracy.ts";
export { atLeast } from "./src/metrics/at_least.ts";
export { bestOf } from "./src/metrics/best_of.ts";
export { calibrationError, type CalibrationErrorOptions } from "./src/metrics/calibration_error.ts";
export {
  confidenceInterval,
  type ConfidenceIntervalOptions,
} from "./src/metrics/confidence_interval.ts";
export { confusionMatrix } from "./src/metrics/confusion_matrix.ts";
export { correlation, type CorrelationOptions } from "./src/metrics/correlation.ts";
export { f1 } from "./src/metrics/f1.ts";
export { groupBy } from "./src/metrics/group_by.ts";
export type { Label } from "./src/metrics/label_counts.ts";
export type { LabelOptions } from "./src/metrics/label_share.ts";
export { majority } from "./src/metrics/majority.ts";
export { max } from "./src/metrics/max.ts";
export { mean } from "./src/metrics/mean.ts";
export { meanOf } from "./src/metrics/mean_of.ts";
export { median } from "./src/metrics/median.ts";
export { min } from "./src/metrics/min.ts";
export { passAtK } from "./src/metrics/pass_at_k.ts";
export { precision } from "./src/metrics/precision.ts";
export { quantile } from "./src/metrics/quantile.ts";
export { recall } from "./src/metrics/recall.ts";
export { standardDeviation } from "./src/metrics/standard_deviation.ts";
export { standardError, type StandardErrorOptions } from "./src/metrics/standard_error.ts";
export { sum } from "./src/metrics/sum.ts";

export {
  type CallOptions,
  type ContentPart,
  type FinishReason,
  type Message,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type PricedAs,
  toModelRequest,
  type ToolCall,
  type ToolDefinition,
  type Usage,
} from "./src/providers/model.ts";
export {
  AuthenticationError,
  ContextLengthError,
  InvalidRequestError,
  ModelError,
  type ModelErrorCode,
  type ModelErrorOptions,
  ProviderCrashError,
  RateLimitError,
  TransientError,
} from "./src/providers/model_error.ts";
export { type Allowance, type RateLimits, rateLimits } from "./src/providers/rate_limits.ts";
export { retryAfter } from "./src/providers/retry_after.ts";
export { model, MODEL_SPEC, type ModelOption, type ModelSpec } from "./src/providers/model_spec.ts";
export {
  type ConfigSchema,
  defineProvider,
  type EndpointLoad,
  type LogLevel,
  type ModelHandle,
  modelHandle,
  type ModelHandleOptions,
  type ModelProvider,
  PROVIDER,
  PROVIDER_PROTOCOL,
  type ProviderDefinition,
  type ProviderPermissions,
  type SchemaIssue,
  type SchemaResult,
  type SetupContext,
} from "./src/providers/provider.ts";
export { Watchdog, type WatchdogOptions } from "./src/providers/watchdog.ts";

export { adaptive, type AdaptiveOptions } from "./src/schedule/adaptive.ts";
export {
  sequential,
  slidingWindow,
  type SlidingWindowOptions,
} from "./src/schedule/sliding_window.ts";
export type {
  CallOutcome,
  ConcurrencyLimit,
  ConcurrencyStrategy,
  EndedCall,
  ReportedLoad,
} from "./src/schedule/strategy.ts";
export type { Concurrency } from "./src/run/concurrency.ts";
export { run, type RunOptions } from "./src/run/run.ts";
export {
  type EvaluationSummary,
  type ItemCall,
  type ItemRecord,
  type MetricTable,
  Results,
  type Summary,
} from "./src/run/results.ts";
export type {
  EndpointCalls,
  EvaluationCalls,
  EvaluationEnd,
  EvaluationRef,
  FinalMetric,
  OwnItems,
  RunEvent,
  RunListener,
  RunningMetric,
} from "./src/run/events.ts";
export type { WaitingFor } from "./src/run/call_tally.ts";
export type { EndpointPause } from "./src/schedule/endpoint.ts";
export type { Interval } from "./src/stats/wilson_interval.ts";

export { openStorage, type OpenStorageOptions } from "./src/storage/open.ts";
export type {
  LabelCount,
  LowItem,
  NumberSpread,
  ScoreDistribution,
} from "./src/storage/score_distribution.ts";
export type { ExperimentSummary } from "./src/storage/experiment_summary.ts";
export type {
  PairedPart,
  PairedScores,
  PairedScoresOptions,
  RowCounts,
  RowScore,
} from "./src/storage/paired_scores.ts";
export type { CallKind, CallTotals, CallTry, RecordedCall } from "./src/storage/recorded_call.ts";
export type { RecordedKey, RecordedPage } from "./src/storage/recorded_page.ts";
export type {
  BeginOptions,
  CommitOutcome,
  RecordsOptions,
  ScoredItemsOptions,
  ScoredOutcome,
  SessionHolder,
  Shard,
  Storage,
  StorageNotice,
  StorageSession,
} from "./src/storage/storage.ts";
export type {
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  RunStatus,
  StoredEvaluation,
} from "./src/storage/stored_evaluation.ts";
export type {
  EvaluationMetrics,
  MetricDefinition,
  MetricsAsOf,
  StoredMetric,
} from "./src/storage/stored_metric.ts";
export type {
  ItemKey,
  ItemRecordDraft,
  RecordedError,
  RecordedScore,
  StoredRecord,
} from "./src/storage/stored_record.ts";
export { decode, encode, EncodingError } from "./src/values/tagged.ts";
