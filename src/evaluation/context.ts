/**
 * What an evaluation's function gets beside its row.
 *
 * @module
 */
import type { Model } from "../providers/model.ts";
import type { Fixture } from "./fixture.ts";

/** Fixtures by the name under which the function receives them. */
export type Fixtures = Readonly<Record<string, Fixture<unknown>>>;

/** No fixtures. */
export type NoFixtures = Readonly<Record<never, never>>;

/** What the fixtures' `setup` returned, by name. */
export type FixtureValues<Used extends Fixtures> = {
  readonly [Name in keyof Used]: Used[Name] extends Fixture<infer Value> ? Value : never;
};

/** Parameters: for each name the values it takes in turn, or a list of whole bindings. */
export type ParamSpace =
  | Readonly<Record<string, readonly unknown[]>>
  | readonly Readonly<Record<string, unknown>>[];

/** No parameters. */
export type NoParams = Readonly<Record<never, never>>;

/** One binding of parameters. */
export type ParamsOf<Space extends ParamSpace> = Space extends readonly (infer Binding)[] ? Binding
  : {
    readonly [Name in keyof Space]: Space[Name] extends readonly (infer Value)[] ? Value : never;
  };

/** Which item is running. */
export interface ItemInfo {
  /** The identity of the item's row: 32 hexadecimal digits. */
  readonly key: string;
  /** The row's place in the dataset, from 0. */
  readonly position: number;
  /** Which repeat this is, from 0. */
  readonly repeat: number;
}

/** What every item has at hand, whatever its evaluation's options. */
export interface BaseContext<Params> {
  /** The model that this variant runs with; touching it without one is an error. */
  readonly model: Model;
  /** This variant's parameters. */
  readonly params: Params;
  /** Aborted when the item times out, or when the session stops and its grace period is over. */
  readonly signal: AbortSignal;
  /** The item; of a batch its first one. */
  readonly item: ItemInfo;
}

/** What an evaluation's function gets beside its row: the model, the fixtures and the item. */
export type ItemContext<Used extends Fixtures = NoFixtures, Params = NoParams> =
  & Omit<BaseContext<Params>, keyof Used>
  & FixtureValues<Used>;

/** What a batch's function gets beside its rows. */
export type BatchContext<Used extends Fixtures = NoFixtures, Params = NoParams> =
  & ItemContext<Used, Params>
  & {
    /** The items of this batch, in the order of its rows. */
    readonly items: readonly ItemInfo[];
  };
