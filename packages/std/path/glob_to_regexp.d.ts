export interface GlobOptions {
  extended?: boolean;
  globstar?: boolean;
  caseInsensitive?: boolean;
}
export declare function globToRegExp(glob: string, options?: GlobOptions): RegExp;
