export declare function equal(a: unknown, b: unknown): boolean;
