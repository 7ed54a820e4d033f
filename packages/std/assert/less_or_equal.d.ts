export declare function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
