// The way to a machine over time: the connection of the moment, and a new one when it is gone.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import type { SshChannel, SshConnection } from '../../ssh/ssh.ts';
import { pauseFor, withSignal } from './with-signal.ts';

export interface LineOptions {
  readonly machine: string;
  /** Milliseconds for which a new connection is tried for. */
  readonly patience: number;
  /** Connects once. */
  readonly reach: (signal: AbortSignal) => Promise<SshConnection>;
}

export interface Line {
  /**
   * Starts a program over the connection of the moment. When it is gone, or goes before the program has begun, a new one is
   * tried for until the patience is over. Rejects at once with what the machine itself says.
   */
  run(start: (connection: SshConnection) => Promise<SshChannel>): Promise<SshChannel>;
  /** The same; what goes over it is carried on elsewhere when there is a new connection, which closes the old one. */
  runResumable(start: (connection: SshConnection) => Promise<SshChannel>): Promise<SshChannel>;
  /**
   * Tries once for a connection that is newer than `since` (as performance.now() has it), whatever the old one may do: its
   * silence may be that of the network. Those who ask at once get the same.
   */
  renew(since: number): Promise<SshConnection>;
  /** Aborts when there will be no more connections. */
  readonly closing: AbortSignal;
  close(): void;
}

/** Milliseconds from one try to the next. */
const PAUSE_MS = 500;
/** A channel may end somewhat before its connection is seen to be gone, in milliseconds. */
const NEWS_MS = 200;

interface Used {
  readonly connection: SshConnection;
  readonly since: number;
  /** Programs on it whose output would be lost with it. */
  running: number;
  isRetired: boolean;
}

export function createLine(first: SshConnection, options: LineOptions): Line {
  const closing = new AbortController();
  const inUse = new Set<Used>();
  let current: Used | undefined;
  let attempt: Promise<Used> | undefined;
  use(first);

  return {
    run: (start) =>
      patiently(async (used) => {
        used.running += 1;
        const done = (): void => {
          used.running -= 1;
          closeUnused(used);
        };
        try {
          const channel = await start(used.connection);
          void channel.ended.then(done);
          return channel;
        } catch (error) {
          done();
          throw error;
        }
      }),
    runResumable: (start) => patiently(({ connection }) => start(connection)),
    renew: async (since) => {
      if (current && current.since > since) return current.connection;
      return (await renew()).connection;
    },
    closing: closing.signal,
    close: () => {
      closing.abort(new Fault('run', `The connection to machine "${options.machine}" was closed`));
      for (const { connection } of inUse) connection.close();
    },
  };

  async function patiently(start: (used: Used) => Promise<SshChannel>): Promise<SshChannel> {
    const end = performance.now() + options.patience;
    for (;;) {
      const used = await connected(end);
      try {
        return await untilGone(start(used), used.connection);
      } catch (error) {
        closing.signal.throwIfAborted();
        if (!(await isGone(used.connection)) || performance.now() > end) throw error;
        if (current === used) current = undefined;
      }
    }
  }

  /** Rejects with why the last try failed. */
  async function connected(end: number): Promise<Used> {
    for (;;) {
      closing.signal.throwIfAborted();
      if (current) return current;
      try {
        return await renew();
      } catch (error) {
        closing.signal.throwIfAborted();
        if (performance.now() + PAUSE_MS > end) throw error;
      }
      await pauseFor(PAUSE_MS, closing.signal);
    }
  }

  function renew(): Promise<Used> {
    attempt ??= withSignal(options.reach(closing.signal).then(use), closing.signal).finally(() => {
      attempt = undefined;
    });
    return attempt;
  }

  function use(connection: SshConnection): Used {
    const used = { connection, since: performance.now(), running: 0, isRetired: false };
    if (closing.signal.aborted) connection.close();
    const old = current;
    current = used;
    inUse.add(used);
    void connection.closed.then(() => {
      inUse.delete(used);
      if (current === used) current = undefined;
    });
    if (old) {
      old.isRetired = true;
      closeUnused(old);
    }
    return used;
  }

  function closeUnused({ isRetired, running, connection }: Used): void {
    if (isRetired && running === 0) connection.close();
  }
}

/** A program that has not begun on a connection that is gone never will. */
const untilGone = (
  starting: Promise<SshChannel>,
  { closed, reached }: SshConnection,
): Promise<SshChannel> =>
  Promise.race([
    starting,
    closed.then((why) => {
      throw new Fault('run', `The connection to ${reached} is lost: ${why ?? 'it was closed'}`);
    }),
  ]);

const isGone = ({ closed }: SshConnection): Promise<boolean> =>
  Promise.race([closed.then(() => true), sleep(NEWS_MS, false)]);
