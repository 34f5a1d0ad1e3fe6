// Keeps one lab: carries the agent's words to and from a runner elsewhere over whatever connection there is, and takes the
// lab down when no word has come for too long.
import type { Readable, Writable } from 'node:stream';
import {
  CHANNEL,
  type KeeperControl,
  type KeeperOrder,
  readControl,
} from '../far/keeper-protocol.ts';
import { BEAT_MS, createLink } from '../far/link.ts';
import { endOfHolder } from '../machine/end-of-holder.ts';
import type { Holder } from '../machine/local.ts';
import { clearAway } from './clear-away.ts';

/** How long an agent whose input has ended may take, in milliseconds; one with containers waits for its engine. */
const END_MS = 13_000;
/** How long last words are kept for a runner that does not take them, in milliseconds, beside the dead-man time. */
const LAST_WORDS_MS = 2000;

export interface Keeping {
  attach(input: Readable, output: Writable): void;
  /** Settles when nothing is left to keep. */
  readonly ended: Promise<void>;
}

export function keepLab(holder: Holder, { labId, deadMan }: KeeperOrder): Keeping {
  let isReleased = false;
  let isEnding = false;
  let onRelease = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    onRelease = resolve;
  });
  const link = createLink({
    onFrame: ({ kind, payload }) => {
      if (kind === CHANNEL.talk) return write(payload);
      if (kind === CHANNEL.control) obey(readControl(payload));
    },
    onArrival: ({ kind, payload }) => {
      if (kind === CHANNEL.control) hurry(readControl(payload));
    },
    onLost: () => undefined,
  });
  // Not waited for: a runner that takes nothing makes no room.
  const tell = (control: KeeperControl): void =>
    void link.send({ kind: CHANNEL.control, payload: Buffer.from(JSON.stringify(control)) });
  let isDeaf = false;
  /** Nobody takes what the lab says any more: it is not to wait for that. */
  const stopCarrying = (): void => {
    isDeaf = true;
    link.stopWaiting();
  };
  holder.stdin.on('error', () => undefined);
  holder.once('exit', () => setTimeout(stopCarrying, deadMan).unref());
  const carried = Promise.all([
    carry(holder.stdout, CHANNEL.talk),
    carry(holder.stderr, CHANNEL.log),
  ]);
  const end = endOfHolder(holder);
  const watch = setInterval(
    () => {
      if (link.silence() <= deadMan) return;
      stopCarrying();
      endLab();
    },
    Math.min(BEAT_MS, deadMan / 4),
  );
  return {
    attach: (input, output) => link.attach(input, output),
    ended: Promise.race([end, released]).then(async (outcome) => {
      if (outcome) {
        await Promise.race([carried, released]);
        clearInterval(watch);
        const leftovers = await clearAway(labId, true).then(
          () => '',
          (error: unknown) => `; ${error instanceof Error ? error.message : String(error)}`,
        );
        tell({ kind: 'ended', ...outcome, reason: `${outcome.reason}${leftovers}` });
      } else {
        clearInterval(watch);
        tell({ kind: 'released' });
      }
      await link.flush(Math.max(0, deadMan - link.silence()) + LAST_WORDS_MS);
      link.close();
    }),
  };

  function write(payload: Buffer): Promise<void> | undefined {
    if (holder.stdin.destroyed || holder.stdin.write(payload)) return undefined;
    return new Promise((resolve) => {
      holder.stdin.once('drain', resolve).once('close', resolve);
    });
  }

  /** What does not wait for its turn behind talk that the agent does not read. */
  function hurry({ kind }: KeeperControl): void {
    if (kind === 'kill') holder.kill('SIGKILL');
    if (kind === 'end-input') limitEnd();
  }

  function obey({ kind }: KeeperControl): void {
    if (kind === 'end-input') endLab();
    if (kind === 'release') letGo();
  }

  function letGo(): void {
    if (isReleased) return;
    isReleased = true;
    for (const stream of holder.stdio) stream?.destroy();
    holder.unref();
    onRelease();
  }

  /** The agent ends with its input, or is killed; one that was told to stay is only left alone. */
  function endLab(): void {
    if (isReleased || holder.stdin.writableEnded) return;
    holder.stdin.end();
    limitEnd();
  }

  function limitEnd(): void {
    if (isEnding) return;
    isEnding = true;
    const timer = setTimeout(() => {
      void isToldToStay(labId).then((isKept) => (isKept ? letGo() : holder.kill('SIGKILL')));
    }, END_MS);
    void end.then(() => clearTimeout(timer));
  }

  async function carry(stream: Readable, kind: number): Promise<void> {
    try {
      for await (const payload of stream as AsyncIterable<Buffer>)
        if (!isDeaf) await link.send({ kind, payload });
    } catch {
      // Destroyed when the lab was let go of.
    }
  }
}

/** The word that lets go of it may be lost with the connection; the agent itself knows. */
async function isToldToStay(labId: string): Promise<boolean> {
  const { listLiveLabs } = await import('../list.ts');
  return listLiveLabs().some(({ id, state }) => id === labId && state === 'kept');
}
