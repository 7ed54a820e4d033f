export declare function fail(msg?: string): never;
