// One party of one play: its player, its ends of channels, its clock.
import { invariant } from '../../../base/invariant.ts';
import type { ChannelTuple, PartyReport, ScriptParty } from '../../../model/script.ts';
import type { PlayDriver, PlayEvent, PlayOutcome } from '../../../traffic/script/play.ts';
import { createPlayer } from '../../../traffic/script/player.ts';
import type { PlayerOptions } from '../../../traffic/script/player.ts';
import { nowMicros } from '../clock.ts';
import { createAlarm } from './alarm.ts';
import type { Channel, Tell } from './channel.ts';
import { toPlayFault } from './fault.ts';
import type { Opening } from './open-channel.ts';

/** Opens one end of a channel; the function given back gives it up. */
export type Open = (hooks: Pick<Opening, 'tell' | 'onOpen' | 'onFailure'>) => () => void;

export interface PartyChannel {
  readonly channel: number;
  /** Whether the party begins it. */
  readonly isFirst: boolean;
  readonly open: Open;
}

export interface PartyPlay {
  /** Resolves when the program has ended and its connections are closed. */
  readonly report: Promise<PartyReport>;
  readonly party: string;
  /** Its connections so far; without any it still waits for all its peers. */
  readonly tuples: readonly ChannelTuple[];
  /** Whether it has met no peer, or has not even begun. */
  readonly isAlone: boolean;
  /** Ends it where it is. */
  end(reason: string): void;
}

export interface PartyOptions {
  readonly party: ScriptParty;
  readonly player: Omit<PlayerOptions, 'channels'>;
  readonly channels: readonly PartyChannel[];
  /** Microseconds since the epoch at which the play begins; null: at once; `peer`: when the first peer has come. */
  readonly at: Begin;
}

export type Begin = number | null | 'peer';

export function playParty({ party, player: options, channels: ends, at }: PartyOptions): PartyPlay {
  const channels = new Map<number, Channel>();
  const abandon: (() => void)[] = [];
  const timings: Record<string, number> = {};
  const tuples: ChannelTuple[] = [];
  let start = typeof at === 'number' ? at : nowMicros();
  let hasBegun = false;
  let isStarted = false;
  /** Channels that opened before a peer was heard of. */
  const early: PlayEvent[] = [];
  let last: Channel | undefined;

  const driver: PlayDriver = {
    perform: (command) => {
      last = channels.get(command.channel);
      invariant(last, 'A player sends on open channels');
      if (command.kind === 'send') return last.send(command);
      invariant(command.kind === 'close', 'Only raw transports know crafted segments');
      return last.close(command.how);
    },
    obstacle: () => last?.obstacle ?? null,
  };
  const player = createPlayer(
    party.program,
    { ...options, channels: ends.map(({ channel }) => channel) },
    driver,
  );
  let conclude: (outcome: PlayOutcome) => void = () => undefined;
  const concluded = new Promise<PlayOutcome>((resolve) => {
    conclude = resolve;
  });
  const look = (): void => {
    if (!isStarted) return;
    alarm.set(player.nextDue);
    if (player.outcome) conclude(player.outcome);
  };
  const mark = (name: string, now: number): void => {
    timings[name] ??= (now - start) / 1000;
  };
  const tell: Tell = (event: PlayEvent) => {
    if (player.outcome) return;
    const now = nowMicros();
    if (!isStarted) {
      // A datagram channel opens before its peer has said anything.
      if (event.kind === 'open' && options.transport === 'udp') {
        early.push(event);
        return;
      }
      startPlayer(now);
      for (const opened of early) player.handle(opened, now);
    }
    if (event.kind === 'open') mark('connect', now);
    else if (event.kind === 'data') mark('first_byte', now);
    player.handle(event, now);
    look();
  };
  const startPlayer = (now: number): void => {
    isStarted = true;
    start = now;
    player.start(now);
  };
  const begin = (now: number): void => {
    hasBegun = true;
    if (at !== 'peer') startPlayer(now);
    for (const { channel, open } of ends) {
      const onOpen = (opened: Channel): void => {
        if (player.outcome) {
          opened.abort();
          return;
        }
        channels.set(channel, opened);
        if (opened.tuple) tuples.push(opened.tuple);
        tell({ kind: 'open', channel });
      };
      abandon.push(
        open({
          tell,
          onOpen,
          onFailure: (error, operation) =>
            tell({ kind: 'failed', fault: toPlayFault(error, operation) }),
        }),
      );
    }
    look();
  };
  const alarm = createAlarm((now) => {
    if (!hasBegun) begin(now);
    else {
      player.tick(now);
      look();
    }
  });
  if (typeof at === 'number') alarm.set(at);
  else begin(start);

  const report = async (): Promise<PartyReport> => {
    const { fault, step, received, sent } = await concluded;
    const end = nowMicros();
    mark('done', end);
    alarm.set(Infinity);
    for (const give of abandon) give();
    if (fault) for (const channel of channels.values()) channel.abort();
    else
      await Promise.all(
        ends.flatMap(({ channel, isFirst }) => channels.get(channel)?.finish(isFirst) ?? []),
      );
    return {
      party: party.name,
      node: party.node,
      failure: fault?.failure ?? null,
      operation: fault?.operation ?? null,
      step,
      ...(fault && { detail: fault.detail }),
      ...{ start, end, received, sent, timings, tuples },
    };
  };
  return {
    report: report(),
    party: party.name,
    tuples,
    get isAlone() {
      return !isStarted || channels.size === 0;
    },
    end: (reason) =>
      tell({
        kind: 'failed',
        fault: { failure: `unknown_failure: ${reason}`, operation: 'read', detail: reason },
      }),
  };
}
