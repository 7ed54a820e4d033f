export declare function assertLess<T>(actual: T, expected: T, msg?: string): void;
