// One end of a stream of bytes that outlives the connections which carry it. Each side counts what it wrote and what it
// received; on a new connection both say what they have received, and what is missing is sent again. Knows no sockets and
// no clock.
import type { Frame } from './frames.ts';

/** Kinds of frames on a connection; the payload of `hello` and `ack` is a count of bytes (64 bits, big-endian). */
export const LINK = {
  /** First on every connection: how much was received so far. */
  hello: 1,
  data: 2,
  /** How much was taken by whoever reads here; repeated as a sign of life. */
  ack: 3,
} as const;

export interface Resumable {
  /** Takes bytes to carry; gives what is to be sent now. They are kept until the other side has taken them. */
  write(bytes: Buffer): Frame[];
  /** How many bytes may be written before some are taken over there; a writer waits while it is not positive. */
  room(): number;
  /** Whether the other side has taken everything. */
  isFlushed(): boolean;
  /** A new connection is there: what is to be sent on it first. */
  attach(): Frame[];
  /** The connection is gone. */
  detach(): void;
  /** A frame came. Throws when the other side cannot be who it was. */
  receive(frame: Frame): { readonly send: Frame[]; readonly delivered: Buffer | null };
  /** The reader here has taken bytes that were delivered. */
  take(count: number): Frame[];
  /** Says how much was taken: a sign of life. */
  beat(): Frame[];
}

/** Bytes in one frame. */
const DATA_SIZE = 1 << 16;

/** `limit`: bytes that are kept for sending again. */
export function createResumable(limit: number): Resumable {
  /** What was written and not yet taken, from byte `acked` on. */
  let kept: Buffer[] = [];
  let acked = 0;
  let written = 0;
  let received = 0;
  let taken = 0;
  let told = 0;
  let state: 'away' | 'greeting' | 'open' = 'away';

  return {
    write: (bytes) => {
      if (bytes.length === 0) return [];
      kept.push(bytes);
      written += bytes.length;
      return state === 'open' ? inFrames([bytes]) : [];
    },
    room: () => limit - (written - acked),
    isFlushed: () => written === acked,
    attach: () => {
      state = 'greeting';
      told = taken;
      return [count(LINK.hello, received)];
    },
    detach: () => {
      state = 'away';
    },
    receive: ({ kind, payload }) => {
      switch (kind) {
        case LINK.hello: {
          const has = readCount(payload);
          if (state !== 'greeting' || has < acked || has > written)
            throw new Error(`The other side has ${has} bytes of ${acked} to ${written}`);
          state = 'open';
          return { send: inFrames(from(has)), delivered: null };
        }
        case LINK.data:
          if (state !== 'open') throw new Error('Data came before the greeting');
          received += payload.length;
          return { send: [], delivered: payload };
        case LINK.ack:
          forget(readCount(payload));
          return { send: [], delivered: null };
        default:
          throw new Error(`A frame of kind ${kind} came`);
      }
    },
    take: (bytes) => {
      taken += bytes;
      return state === 'open' && taken - told >= limit / 8 ? tell() : [];
    },
    beat: () => (state === 'open' ? tell() : []),
  };

  function tell(): Frame[] {
    told = taken;
    return [count(LINK.ack, taken)];
  }

  function forget(until: number): void {
    if (until > written) throw new Error(`The other side took ${until} bytes of ${written}`);
    for (let first = kept[0]; first && until > acked; first = kept[0]) {
      const part = Math.min(first.length, until - acked);
      acked += part;
      if (part === first.length) kept.shift();
      else kept = [first.subarray(part), ...kept.slice(1)];
    }
  }

  /** What is kept from byte `start` on. */
  function from(start: number): Buffer[] {
    let at = acked;
    return kept.flatMap((bytes) => {
      const skip = Math.max(0, start - at);
      at += bytes.length;
      return skip < bytes.length ? [bytes.subarray(skip)] : [];
    });
  }
}

const inFrames = (chunks: readonly Buffer[]): Frame[] =>
  chunks.flatMap((bytes) =>
    Array.from({ length: Math.ceil(bytes.length / DATA_SIZE) }, (_, index) => ({
      kind: LINK.data,
      payload: bytes.subarray(index * DATA_SIZE, (index + 1) * DATA_SIZE),
    })),
  );

function count(kind: number, value: number): Frame {
  const payload = Buffer.alloc(8);
  payload.writeBigUInt64BE(BigInt(value));
  return { kind, payload };
}

const readCount = (payload: Buffer): number => Number(payload.readBigUInt64BE());
