/**
 * Sessions that several calls of `run()` in one process share.
 *
 * @module
 */
import { parseLocation } from "../storage/location.ts";
import { shardName, WHOLE } from "../storage/shard.ts";
import type { Shard, Storage } from "../storage/storage.ts";
import { Session, type SessionOptions } from "./session.ts";

interface Shared {
  readonly opening: Promise<Session>;
  users: number;
  /** Ends once the last user is gone and all is given free. */
  closing: Promise<void> | undefined;
}

/** One storage may be named in several ways. */
function placeOf(storage: string | Storage): string | Storage {
  if (typeof storage !== "string") return storage;
  const location = parseLocation(storage);
  return location.type === "file" ? location.path : storage;
}

/** All copies of this library in a process share their sessions: an experiment has one writer. */
const SESSIONS = Symbol.for("dotevals.sessions");

/** Sessions on different shards are different sessions. */
function nameOf(experiment: string, shard: Shard = WHOLE): string {
  return `${shardName(shard)} ${experiment}`;
}

/** What {@linkcode shareSession} opens a session with. */
export interface ShareOptions extends Omit<SessionOptions, "storage" | "experiment"> {
  /** Opens the storage, or gives one that is open and stays so. */
  readonly open: () => Storage | Promise<Storage>;
}

/** A session that closes when the last of those who share it disposes of its part. */
export interface SessionShare extends AsyncDisposable {
  readonly session: Session;
}

/** Joins the session of this process on an experiment, or a shard of it, or opens it. */
export async function shareSession(
  storage: string | Storage,
  experiment: string,
  options: ShareOptions,
): Promise<SessionShare> {
  const place = placeOf(storage);
  const name = nameOf(experiment, options.shard);
  let shared = sessionsOf(place).get(name);
  while (shared?.closing) {
    await shared.closing.catch(() => {});
    shared = sessionsOf(place).get(name);
  }
  const sessions = sessionsOf(place);
  if (!shared) {
    shared = { opening: openSession(storage, experiment, options), users: 0, closing: undefined };
    sessions.set(name, shared);
  }
  const own = shared;
  const joined = own.users++ > 0;
  let deafen: (() => void) | undefined;
  async function leave(): Promise<void> {
    if (--own.users > 0) return deafen?.();
    own.closing = own.opening.then((session) => closeSession(session, storage), () => {});
    try {
      await own.closing;
    } finally {
      if (sessions.get(name) === own) sessions.delete(name);
      if (sessions.size === 0) forget(place);
    }
  }
  try {
    const session = await own.opening;
    if (joined) deafen = session.listen(options.onEvent);
    return { session, [Symbol.asyncDispose]: leave };
  } catch (error) {
    await leave();
    throw error;
  }
}

async function openSession(
  storage: string | Storage,
  experiment: string,
  { open, ...options }: ShareOptions,
): Promise<Session> {
  const opened = await open();
  try {
    return await Session.open({ ...options, storage: opened, experiment });
  } catch (error) {
    if (typeof storage === "string") await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function closeSession(session: Session, storage: string | Storage): Promise<void> {
  try {
    await session.close();
  } finally {
    if (typeof storage === "string" && storage !== "memory:") {
      await session.storage[Symbol.asyncDispose]();
    }
  }
}

type AllSessions = Map<string | Storage, Map<string, Shared>>;

function allSessions(): AllSessions {
  const global = globalThis as unknown as { [SESSIONS]?: AllSessions };
  return global[SESSIONS] ??= new Map();
}

function forget(storage: string | Storage): void {
  allSessions().delete(storage);
}

/** Sessions by experiment and shard, of one storage. */
function sessionsOf(storage: string | Storage): Map<string, Shared> {
  const all = allSessions();
  let sessions = all.get(storage);
  if (!sessions) {
    sessions = new Map();
    all.set(storage, sessions);
  }
  return sessions;
}
