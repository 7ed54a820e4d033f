/**
 * How the runner of GitHub Actions reads a step's output, after its source: actions/runner,
 * `src/Runner.Common/ActionCommand.cs` and `ActionCommandManager.cs`.
 *
 * @module
 */

/** A command that the runner would carry out. */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const NAMES: readonly string[] = [
  "add-mask",
  "add-matcher",
  "add-path",
  "debug",
  "echo",
  "endgroup",
  "error",
  "group",
  "internal-set-repo-path",
  "notice",
  "remove-matcher",
  "save-state",
  "set-env",
  "set-output",
  "stop-commands",
  "token",
  "warning",
];

/** The commands in what a step printed; .NET ends lines at `\r` too. */
export function runnerCommands(output: string): readonly RunnerCommand[] {
  return output.split(/\r\n|\n|\r/).flatMap((line) => {
    const command = commandAt(line.trimStart(), "::", "::", ",") ??
      commandAt(line.slice(Math.max(0, line.indexOf("##["))), "##[", "]", ";");
    return command === undefined ? [] : [command];
  });
}

function commandAt(
  line: string,
  start: string,
  end: string,
  separator: string,
): RunnerCommand | undefined {
  if (!line.startsWith(start)) return undefined;
  const stop = line.indexOf(end, start.length);
  if (stop === -1) return undefined;
  const info = line.slice(start.length, stop);
  const [name = ""] = info.split(" ");
  if (!NAMES.includes(name.toLowerCase())) return undefined;
  const pairs = info.slice(name.length).trim().split(separator).flatMap((pair) => {
    const at = pair.indexOf("=");
    return at <= 0 ? [] : [[pair.slice(0, at), unescaped(pair.slice(at + 1))] as const];
  });
  return {
    name: name.toLowerCase(),
    properties: Object.fromEntries(pairs),
    data: unescaped(line.slice(stop + end.length)),
  };
}

function unescaped(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%3A", ":")
    .replaceAll("%2C", ",").replaceAll("%25", "%");
}
