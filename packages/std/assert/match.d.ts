export declare function assertMatch(actual: string, expected: RegExp, msg?: string): void;
