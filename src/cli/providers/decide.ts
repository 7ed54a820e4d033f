/**
 * Whether a plugin gets what it asks for: by options, or by the user's word.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../../errors.ts";
import { type Grant, isNothing, missing, NOTHING, toGrant } from "../../providers/sandbox/grant.ts";
import { lockCommand } from "../../providers/lock/lock_command.ts";
import type { CommandIo } from "../command.ts";
import type { OptionValues } from "../option_specs.ts";
import type { grantOptionSpecs } from "./grant_option_specs.ts";

/** What the command line says of grants. */
export type GrantValues = OptionValues<typeof grantOptionSpecs>;

/** What is to be decided. */
export interface Decision {
  /** `add` or `update`. */
  readonly command: string;
  readonly url: string;
  readonly asks: Grant;
  /** What it was granted before. */
  readonly before?: Grant;
  readonly values: GrantValues;
}

/**
 * The grant that a plugin gets; `undefined` where its user says no.
 *
 * `--yes` stands for what a new plugin asks for, but never for more than one had before.
 *
 * @throws {DotevalsError} `not-confirmed` where nobody can be asked, with the command that grants it;
 * `grant-too-small` where the options leave out something that it asks for
 */
export function decideGrant(decision: Decision, io: CommandIo): Grant | undefined {
  const { command, url, asks, before = NOTHING, values } = decision;
  const named = namedGrant(values);
  const grant = union(before, named ?? asks);
  const more = missing(asks, grant);
  if (!isNothing(more)) {
    throw new DotevalsError(
      `The provider ${url} also asks for ${[...more.net, ...more.env].join(", ")}.`,
      { code: "grant-too-small", hint: `To grant it all: ${commandFor(decision, io)}` },
    );
  }
  const widens = command === "update" && !isNothing(missing(asks, before));
  if (named !== undefined || (values.yes && !widens)) return grant;
  if (io.confirm) return io.confirm("Grant it?") ? grant : undefined;
  throw new DotevalsError(
    `Nothing was granted to ${url}: nobody is there to confirm it.`,
    { code: "not-confirmed", hint: `To grant it: ${commandFor({ command, url, asks }, io)}` },
  );
}

/** The command that grants a plugin what it asks for. */
function commandFor(
  { command, url, asks }: Pick<Decision, "command" | "url" | "asks">,
  io: CommandIo,
): string {
  return lockCommand(url, { program: io.program, command, grant: asks });
}

/** The grant that the options name; `undefined` where they name none. */
function namedGrant(values: GrantValues): Grant | undefined {
  const net = values["allow-net"].flatMap((list) => list.split(","));
  const env = values["allow-env"].flatMap((list) => list.split(","));
  if (net.length === 0 && env.length === 0) return undefined;
  try {
    return toGrant({ net, env });
  } catch (cause) {
    throw new DotevalsError(`${messageOf(cause)}.`, { code: "invalid-value", cause });
  }
}

function union(left: Grant, right: Grant): Grant {
  return toGrant({ net: [...left.net, ...right.net], env: [...left.env, ...right.env] });
}
