// The scripts that a node has parties of, in the node's thread.
import { Fault } from '../../../base/fault.ts';
import { invariant } from '../../../base/invariant.ts';
import { areConnected } from '../../../model/pair-parties.ts';
import type { PartyReport, ScriptParty, ScriptSpec } from '../../../model/script.ts';
import { isRaw } from '../../../model/script-transport.ts';
import type { PlayEnding, PlayRequest, ScriptSetup } from '../protocol.ts';
import { payloadStore } from '../../../traffic/script/payload.ts';
import { hurry } from '../../../kernel/schedule.ts';
import { createDatagramListeners } from './datagram-listener.ts';
import type { Door } from './open-channel.ts';
import { openChannel } from './open-channel.ts';
import { playParty } from './party.ts';
import type { Begin, PartyChannel, PartyPlay } from './party.ts';
import { loadSecurity } from './security.ts';
import type { Security } from './security.ts';
import { createStreamListeners } from './stream-listener.ts';

export interface Scripts {
  /** Loads what the plays need, so that the first is as quick as the others. */
  load(): Promise<void>;
  open(request: PlayRequest): Promise<null>;
  play(request: PlayRequest & { readonly at: Begin }): Promise<readonly PartyReport[]>;
  endPlay(ending: PlayEnding): void;
  /** Whether no party of the attempt has met a peer. */
  isAlone(request: PlayRequest): boolean;
  /** Ends every play; resolves when their sockets are closed. */
  stop(): Promise<void>;
}

interface LoadedScript extends ScriptSetup {
  readonly security: Security | null;
}

/** An attempt from its opening to its end. */
interface Attempt {
  /** By channel. */
  readonly doors: ReadonlyMap<number, Door>;
  plays: readonly PartyPlay[];
}

export function createScripts(
  node: string,
  trust: string,
  setups: readonly ScriptSetup[],
): Scripts {
  const streams = createStreamListeners();
  const datagrams = createDatagramListeners();
  const attempts = new Map<string, Attempt>();

  let loading: Promise<ReadonlyMap<string, LoadedScript>> | undefined;
  const load = (): Promise<ReadonlyMap<string, LoadedScript>> =>
    (loading ??= loadScripts(setups, trust));
  const scriptOf = async (flow: string): Promise<LoadedScript> => {
    const script = (await load()).get(flow);
    invariant(script, `The thread of "${node}" knows the script of "${flow}"`);
    return script;
  };
  const ownParties = ({ parties }: ScriptSpec): readonly ScriptParty[] =>
    parties.filter((party) => party.node === node);
  const openDoor = async (script: LoadedScript, channel: number): Promise<Door | null> => {
    const { transport, channels } = script.spec;
    const spec = channels[channel];
    if (!spec) return null;
    const { address, port } = spec.destination;
    if (transport === 'udp')
      return { kind: 'datagrams', listener: await datagrams.open({ address, port }) };
    const path = socketPath(script, channel);
    const place = path === null ? { host: address, port, exclusive: true } : { path };
    return { kind: 'stream', listener: await streams.open(place) };
  };
  const openDoors = async (script: LoadedScript): Promise<Map<number, Door>> => {
    const doors = new Map<number, Door>();
    try {
      for (const party of ownParties(script.spec))
        for (const [channel, { to }] of script.spec.channels.entries()) {
          if (to !== party.name) continue;
          const door = await openDoor(script, channel).catch((error: unknown) => {
            // Whose side has no steps is left to a service or program, if one is there.
            if (party.program.length === 0 && isTaken(error)) return null;
            throw cannotListen(script, party, channel, error);
          });
          if (door) doors.set(channel, door);
        }
      return doors;
    } catch (error) {
      closeDoors({ doors });
      throw error;
    }
  };
  const channelsOf = (
    script: LoadedScript,
    party: ScriptParty,
    doors: ReadonlyMap<number, Door>,
  ): PartyChannel[] => {
    const { transport } = script.spec;
    invariant(!isRaw(transport), 'Raw transports have no sockets');
    return script.spec.channels.flatMap((spec, channel) => {
      const door = doors.get(channel) ?? null;
      if (spec.from !== party.name && (spec.to !== party.name || !door)) return [];
      const { security } = script;
      const path = socketPath(script, channel);
      return {
        channel,
        isFirst: spec.from === party.name,
        open: (hooks) =>
          openChannel({
            ...{ channel, spec, transport, path, security },
            door: spec.to === party.name ? door : null,
            ...hooks,
          }),
      };
    });
  };
  return {
    load: async () => {
      if (setups.length > 0) hurry();
      await load();
    },
    open: async (request) => {
      const doors = await openDoors(await scriptOf(request.flow));
      attempts.set(keyOf(request), { doors, plays: [] });
      return null;
    },
    play: async ({ at, ...request }) => {
      const key = keyOf(request);
      const attempt = attempts.get(key);
      invariant(attempt, 'A play is opened before it is played');
      const script = await scriptOf(request.flow);
      const { transport, timeout } = script.spec;
      attempt.plays = ownParties(script.spec).flatMap((party) => {
        const channels = channelsOf(script, party, attempt.doors);
        if (channels.length === 0) return [];
        const player = { seed: script.seed, transport, timeout };
        return playParty({ party, player, channels, at });
      });
      try {
        return await Promise.all(attempt.plays.map(({ report }) => report));
      } finally {
        if (attempts.delete(key)) closeDoors(attempt);
      }
    },
    endPlay: ({ reason, tuples, ...request }) => {
      const own = attempts.get(keyOf(request))?.plays ?? [];
      const all = [...attempts.entries()].flatMap(([key, { plays }]) =>
        key.endsWith(` ${request.flow}`) ? plays : [],
      );
      const met = all.filter((play) => areConnected(play, { tuples }));
      // Whose peer never came may be any that waits.
      const alone = (play: PartyPlay): PartyPlay | undefined =>
        play.tuples.length === 0
          ? play
          : all.find((other) => other.party === play.party && other.tuples.length === 0);
      const ended = met.length > 0 ? met : own.map((play) => alone(play) ?? play);
      for (const play of ended) play.end(reason);
    },
    isAlone: (request) => attempts.get(keyOf(request))?.plays.every((play) => play.isAlone) ?? true,
    stop: async () => {
      const plays = [...attempts.values()].flatMap((attempt) => attempt.plays);
      for (const play of plays) play.end('The traffic was stopped');
      await Promise.all(plays.map(({ report }) => report));
      // What is left was opened and never played.
      for (const attempt of attempts.values()) closeDoors(attempt);
      attempts.clear();
    },
  };
}

function closeDoors({ doors }: Pick<Attempt, 'doors'>): void {
  for (const { listener } of doors.values()) listener.release();
}

async function loadScripts(
  setups: readonly ScriptSetup[],
  trust: string,
): Promise<ReadonlyMap<string, LoadedScript>> {
  const scripts = new Map<string, LoadedScript>();
  for (const setup of setups) {
    const { tls, channels } = setup.spec;
    const host = channels[0]?.destination.address ?? '';
    const security = tls ? await loadSecurity(tls, trust, setup.credentials, host) : null;
    scripts.set(setup.flow, { ...setup, security });
    for (const { program } of setup.spec.parties) payloadStore(setup.seed).prepare(program);
  }
  return scripts;
}

const keyOf = ({ flow, attempt }: PlayRequest): string => `${attempt} ${flow}`;

/** Reached through the descriptor of its folder: the address of a socket file has 108 bytes at most (unix(7)). */
const socketPath = ({ sockets }: ScriptSetup, channel: number): string | null =>
  sockets && `/proc/self/fd/${sockets.folderFd}/${sockets.names[channel] ?? ''}`;

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

function cannotListen(
  { flow, spec }: LoadedScript,
  { name, node }: ScriptParty,
  channel: number,
  error: unknown,
): Fault {
  const { address = '', port = 0 } = spec.channels[channel]?.destination ?? {};
  const reason = error instanceof Error ? error.message : String(error);
  const place = spec.transport === 'unix' ? 'a socket file' : `${address} port ${port}`;
  return new Fault(
    'run',
    `Party "${name}" of flow "${flow}" on "${node}" cannot listen on ${place}: ${reason}`,
    {
      cause: error,
      ...(isTaken(error) && { help: 'Give the party a port that no service and no program uses' }),
    },
  );
}
