export type RecordWithColumn<C extends string> = string extends C ? Record<string, string>
  : Record<C, string>;
export type ParseResult<ParseOptions, T> = T extends
  ParseOptions & { columns: readonly (infer C extends string)[] } ? RecordWithColumn<C>[]
  : T extends ParseOptions & { skipFirstRow: true } ? Record<string, string>[]
  : T extends ParseOptions & { columns?: undefined; skipFirstRow?: false | undefined } ? string[][]
  : Record<string, string>[] | string[][];
export interface CsvParseStreamOptions {
  separator?: string;
  comment?: string;
  trimLeadingSpace?: boolean;
  lazyQuotes?: boolean;
  fieldsPerRecord?: number;
  skipFirstRow?: boolean;
  columns?: readonly string[];
}
export type RowType<T> = T extends undefined ? string[]
  : ParseResult<CsvParseStreamOptions, T>[number];
export declare class CsvParseStream<const T extends CsvParseStreamOptions | undefined = undefined>
  implements TransformStream<string, RowType<T>> {
  #private;
  constructor(options?: T);
  get readable(): ReadableStream<RowType<T>>;
  get writable(): WritableStream<string>;
}
