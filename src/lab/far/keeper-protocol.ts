// What runner and keeper say to each other: one line each in JSON, then frames over a link.
import type { AgentEnd } from '../agent-process.ts';

export const KEEPER_PROTOCOL = 1;

/** The first line to a keeper that starts. */
export interface KeeperOrder {
  readonly protocol: number;
  /** `process.versions.modules` of the Node.js that the bundle's native parts are built for. */
  readonly abi: string;
  readonly labId: string;
  readonly scenario: string;
  readonly keepable: boolean;
  /** Milliseconds. */
  readonly deadMan: number;
  /** The range of addresses of a way out, or null: then the lab has none. */
  readonly uplink: string | null;
  /** Who knows it may attach. */
  readonly token: string;
}

/** The first line to a keeper that runs. */
export interface AttachOrder {
  readonly token: string;
}

/** The keeper's first line begins with this, whatever the login shell wrote before. */
export const GREETING_MARK = 'netscenario-keeper ';

export type KeeperGreeting =
  | { readonly kind: 'started' | 'attached'; readonly directory: string }
  /** It cannot be. `gone`: there is no keeper of that lab any more, and nothing else of it. */
  | { readonly kind: 'refused' | 'other-node' | 'gone'; readonly reason: string };

/** A keeper's first line. Throws when it is none. */
export function readGreeting(line: string): KeeperGreeting {
  const greeting = readKinds(line.slice(GREETING_MARK.length), [
    ...['started', 'attached'],
    ...['refused', 'other-node', 'gone'],
  ]);
  return greeting as KeeperGreeting;
}

/** Kinds of frames. */
export const CHANNEL = {
  /** A KeeperControl in JSON. */
  control: 0,
  /** The agent's input, or its output. */
  talk: 1,
  /** What it writes beside. */
  log: 2,
} as const;

export type KeeperControl =
  /** To the keeper: the agent's input ends; ends the lab unless it was told to stay. */
  | { readonly kind: 'end-input' }
  | { readonly kind: 'kill' }
  /** The lab stays, the keeper goes. */
  | { readonly kind: 'release' }
  /** From the keeper: its last words. */
  | ({ readonly kind: 'ended' } & AgentEnd)
  | { readonly kind: 'released' };

/** Throws when it is none: whoever says so is not who it should be. */
export const readControl = (payload: Buffer): KeeperControl =>
  readKinds(payload.toString(), [
    ...['end-input', 'kill', 'release'],
    ...['ended', 'released'],
  ]) as KeeperControl;

/** An object in JSON whose `kind` is one of those. */
function readKinds(text: string, kinds: readonly string[]): { readonly kind: string } {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    const { kind } = value;
    if (typeof kind === 'string' && kinds.includes(kind)) return { ...value, kind };
  }
  throw new Error(`Nobody should say ${text.slice(0, SHOWN)}`);
}

/** Characters of what should not have been said that a message repeats. */
const SHOWN = 80;
