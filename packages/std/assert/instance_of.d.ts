// deno-lint-ignore-file no-explicit-any -- the original signatures
export type AnyConstructor = new (...args: any[]) => any;
export type GetConstructorType<T extends AnyConstructor> = InstanceType<T>;
export declare function assertInstanceOf<T extends abstract new (...args: any[]) => any>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T>;
