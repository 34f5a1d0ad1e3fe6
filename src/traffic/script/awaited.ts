// Whether what an instruction waits for has come, is still to come, or never will.
import { unreachable } from '../../base/invariant.ts';
import type { ArriveInstruction, ExpectInstruction } from '../../model/script.ts';
import { END_OF_FILE, unknownFailure } from '../failure.ts';
import type { PlayChannel } from './play-channel.ts';

export type Awaited =
  | { readonly kind: 'waiting' }
  /** `bytes` are what was read, where anything was. */
  | {
      readonly kind: 'met';
      readonly bytes: Uint8Array | null;
      readonly groups: Readonly<Record<string, string | undefined>>;
    }
  | { readonly kind: 'never'; readonly failure: string; readonly detail: string };

const WAITING: Awaited = { kind: 'waiting' };
const MET: Awaited = { kind: 'met', bytes: null, groups: {} };

const metIf = (condition: boolean): Awaited => (condition ? MET : WAITING);

/** What another party sends. What does not `wait` has only become known. */
export function awaitArrival(channel: PlayChannel, { wait, what }: ArriveInstruction): Awaited {
  if (!wait) return MET;
  switch (what.kind) {
    case 'data': {
      const { received, announced } = channel.arrivals;
      if (received >= announced) return MET;
      const unit = channel.isStream ? 'bytes' : 'datagrams';
      return unlessOver(channel, `${received} of ${announced} ${unit} had come`);
    }
    case 'segment':
      return metIf(
        channel.segments.take(
          ({ flags, length }) => flags === what.flags && length === what.length,
          false,
        ),
      );
    case 'end':
    case 'reset':
      return awaitClose(channel, what.kind);
    default:
      return unreachable(what, 'arrival');
  }
}

/** `exact` are the bytes that a pattern with a payload wants. */
export function awaitExpected(
  channel: PlayChannel,
  { pattern }: ExpectInstruction,
  exact: Uint8Array | null,
): Awaited {
  switch (pattern.kind) {
    case 'end':
    case 'reset':
      return awaitClose(channel, pattern.kind);
    case 'packet': {
      const { flags, minLength, protocol } = pattern;
      return metIf(
        channel.packets.take(
          (packet) =>
            packet.length >= minLength &&
            (flags === null || (packet.flags & flags) === flags) &&
            (protocol === null || packet.protocol === protocol),
          true,
        ),
      );
    }
    case 'bytes':
    case 'datagram':
    case 'exact':
    case 'regex':
    case 'until': {
      const reading = channel.reader.read(pattern, exact, channel.mayGrow);
      if (!reading) return unlessOver(channel, 'what is expected had not come');
      if (reading.kind === 'found') return { ...reading, kind: 'met' };
      return { kind: 'never', failure: unknownFailure(reading.detail), detail: reading.detail };
    }
    default:
      return unreachable(pattern, 'pattern');
  }
}

function awaitClose(channel: PlayChannel, how: 'end' | 'reset'): Awaited {
  if (how === 'reset') return metIf(channel.wasReset);
  if (channel.hasEnded) return MET;
  return channel.wasReset ? afterReset('it had not sent a FIN') : WAITING;
}

/** Waits, unless the peer has sent all that it ever will. */
function unlessOver(channel: PlayChannel, soFar: string): Awaited {
  if (channel.wasReset) return afterReset(soFar);
  if (!channel.hasEnded) return WAITING;
  return {
    kind: 'never',
    failure: END_OF_FILE,
    detail: `The peer closed the connection when ${soFar}`,
  };
}

const afterReset = (soFar: string): Awaited => ({
  kind: 'never',
  failure: 'connection_reset',
  detail: `The peer sent a RST when ${soFar}`,
});
