// Copyright 2018-2026 the Deno authors. MIT license.
// Copyright @dsherret and dsherret/conditional-type-checks contributors. All rights reserved. MIT license.

export function assertType<T extends boolean>(
  // deno-lint-ignore no-unused-vars
  expectTrue: T,
) {}

export type AssertTrue<T extends true> = never;

export type AssertFalse<T extends false> = never;

export type Assert<T extends boolean, Expected extends T> = never;

export type Has<T, U> = IsAny<T> extends true ? true
  : IsAny<U> extends true ? false
  : Extract<T, U> extends never ? false
  : true;

export type NotHas<T, U> = Has<T, U> extends false ? true : false;

export type IsNullable<T> = Extract<T, null | undefined> extends never ? false
  : true;

export type IsExact<T, U> = ParametersAndReturnTypeMatches<
  FlatType<AnyToBrand<T>>,
  FlatType<AnyToBrand<U>>
> extends true ? ParametersAndReturnTypeMatches<
    FlatType<DeepPrepareIsExact<T>>,
    FlatType<DeepPrepareIsExact<U>>
  > extends true ? true
  : false
  : false;

export type DeepPrepareIsExact<T, VisitedTypes = never> = {
  // make optional properties required
  [P in keyof T]-?: IsAny<T[P]> extends true ? AnyBrand
    : DeepPrepareIsExactProp<T[P], T, VisitedTypes>;
};

export type DeepPrepareIsExactProp<Prop, Parent, VisitedTypes> = Prop extends VisitedTypes
  // recursive, bail
  ? Prop
  // not recursive, keep going and add the parent type as a visited type
  : DeepPrepareIsExact<Prop, VisitedTypes | Parent>;

// https://stackoverflow.com/a/49928360/3406963
export type IsAny<T> = 0 extends (1 & T) ? true : false;

export type IsNever<T> = [T] extends [never] ? true : false;

export type IsUnknown<T> = unknown extends T ? ([T] extends [null] ? false : true)
  : false;

export type ParametersAndReturnTypeMatches<T, U> = Matches<
  <X>(_: T) => X extends T ? 1 : 2,
  <X>(_: U) => X extends U ? 1 : 2
>;

export type TupleMatches<T, U> = Matches<[T], [U]>;

export type Matches<T, U> = T extends U ? U extends T ? true : false : false;

export type AnyToBrand<T> = IsAny<T> extends true ? AnyBrand : T;

export type AnyBrand = { __conditionalTypeChecksAny__: undefined };

export type FlatType<T> = T extends Record<PropertyKey, unknown>
  ? { [K in keyof T]: FlatType<T[K]> }
  : T;
