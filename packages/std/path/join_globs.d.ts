export interface GlobOptions {
  extended?: boolean;
  globstar?: boolean;
  caseInsensitive?: boolean;
}
export declare function joinGlobs(globs: string[], options?: GlobOptions): string;
