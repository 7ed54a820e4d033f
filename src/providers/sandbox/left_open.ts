/**
 * What whoever started this process left open: pipes and sockets that a plugin's process would have too.
 *
 * Node's `net` takes a descriptor by its number, and Deno asks for no permission then. A shell's `9< <(…)`, a
 * runner's own pipes and make's job server are passed on to every process that nobody keeps them from.
 *
 * @module
 */
import { DotevalsError } from "../../errors.ts";

/** `ioctl` that has a descriptor closed in programs which are started from now on. */
const FIOCLEX = { linux: 0x5451n, darwin: 0x20006601n } as const;

const LIBRARY = { linux: "libc.so.6", darwin: "libSystem.B.dylib" } as const;

/** Input, output and errors, which each process gets anew. */
const STANDARD = 2;

/** The highest descriptor that is looked at where nothing lists them. */
const HIGHEST = 255;

/** The flag of a descriptor that is closed already in programs which are started, in `/proc`. */
const CLOSED_ON_EXEC = 0o2000000;

/**
 * Keeps what was left open from processes that are started from now on.
 *
 * @throws {DotevalsError} `left-open` where that is not allowed
 */
export function keepLeftOpen(): void {
  const { os } = Deno.build;
  if (os !== "linux" && os !== "darwin") return;
  const left = passedOn() ?? Array.from({ length: HIGHEST - STANDARD }, nthLeft);
  if (left.length === 0) return;
  try {
    const library = Deno.dlopen(LIBRARY[os], {
      ioctl: { parameters: ["i32", "u64"], result: "i32" },
    });
    for (const descriptor of left) library.symbols.ioctl(descriptor, FIOCLEX[os]);
    library.close();
  } catch (cause) {
    throw new DotevalsError(
      "A provider from a URL could use files that whoever started dotevals left open.",
      {
        code: "left-open",
        hint: "Deno has to be let close them: deno run -A, or at least --allow-ffi.",
        exitCode: 3,
        cause,
      },
    );
  }
}

function nthLeft(_: unknown, n: number): number {
  return STANDARD + 1 + n;
}

/** Descriptors that a program which is started now would have; `undefined` where nothing lists them. */
function passedOn(): readonly number[] | undefined {
  try {
    const all = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => Number(name));
    return all.filter((descriptor) => descriptor > STANDARD && !isClosedOnExec(descriptor));
  } catch {
    return undefined;
  }
}

function isClosedOnExec(descriptor: number): boolean {
  try {
    const info = Deno.readTextFileSync(`/proc/self/fdinfo/${descriptor}`);
    const flags = /^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? "0";
    return (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) !== 0;
  } catch (error) {
    // The one by which they are listed is gone by now.
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}
