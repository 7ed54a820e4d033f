/**
 * A session of the real command whose log is read while it runs, so that it can be killed at a
 * chosen moment.
 *
 * @module
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import type { Workplace } from "../cli/command.ts";

/** What a session's log told until its end. */
export interface FollowedSession {
  readonly process: Deno.ChildProcess;
  /** Commits that have begun. */
  readonly commits: number;
  /** Whether a commit has begun whose end was not told. */
  readonly committing: boolean;
  /** The longest commit, in milliseconds; one that was under way at `now` (epoch) included. */
  longestCommit(now: number): number;
  /** Positions of the items that it said were committed. */
  readonly committed: ReadonlySet<number>;
  /** The number of committed items that it told last, those of earlier sessions included. */
  readonly told: number;
  /** Told of each commit that begins. */
  onCommit: (() => void) | undefined;
  /** Waits until it has ended and all that it wrote is read. */
  ended(): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}

/** Starts `dotevals run …` and reads its log of all that happens. */
export function followSession(
  place: Workplace,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): FollowedSession {
  // The log goes through the pipe of standard output: it is here as soon as it is written.
  const log = ["--log", "/dev/stdout", "--log-level", "debug"];
  const process = place.start(["run", ...args, ...log], { env });
  const committed = new Set<number>();
  let commits = 0;
  let begun: number | undefined;
  let longest = 0;
  let told = 0;
  let stdout = "";
  function read(line: string): void {
    if (!line.startsWith('{"time":')) {
      stdout += `${line}\n`;
      return;
    }
    const event = JSON.parse(line);
    if (event.type === "commit-started") {
      commits++;
      begun ??= Date.parse(event.time);
      session.onCommit?.();
    } else if (event.type === "items-committed") {
      if (begun !== undefined) longest = Math.max(longest, Date.parse(event.time) - begun);
      begun = undefined;
      told = event.completed;
      for (const { position } of event.records) committed.add(position);
    }
  }
  async function follow(): Promise<void> {
    const lines = process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    let last: string | undefined;
    for await (const line of lines) {
      if (last !== undefined) read(last);
      last = line;
    }
    // A killed process may leave half a line.
    if (last?.endsWith("}") || !last?.startsWith("{")) read(last ?? "");
  }
  const following = follow();
  const stderr = new Response(process.stderr).text();
  const session: FollowedSession = {
    process,
    get commits() {
      return commits;
    },
    get committing() {
      return begun !== undefined;
    },
    longestCommit: (now) => Math.max(longest, begun === undefined ? 0 : now - begun),
    committed,
    get told() {
      return told;
    },
    onCommit: undefined,
    async ended() {
      const { code } = await process.status;
      await following;
      return { code, stdout, stderr: await stderr };
    },
  };
  return session;
}
