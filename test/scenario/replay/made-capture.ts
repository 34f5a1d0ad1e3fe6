// Captures of conversations as a test tells them: packets with the times and places that it wants.
import { type IpAddress, parseIp } from '../../../src/base/addresses.ts';
import { type Result } from '../../../src/base/result.ts';
import { type TcpSpec, buildTcp, buildUdp } from '../../../src/wire/build.ts';
import { addSequence, TCP_FLAG } from '../../../src/wire/tcp.ts';
import type { ReplayScript, ReplayStep } from '../../../src/scenario/replay/replay-script.ts';
import { makePcap } from '../../wire/captures.ts';

export interface MadePacket {
  /** Milliseconds. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

export type Side = 'client' | 'server';

export const address = (text: string): IpAddress => {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

export const ENDS = {
  client: { address: '10.0.0.1', port: 40_000 },
  server: { address: '10.0.0.2', port: 443 },
};

/** Initial sequence numbers near the end of the circle, so that it is crossed. */
export const INITIAL = { client: 0xffff_fff0, server: 77 };

export interface MadeSegment {
  readonly flags?: number;
  /** Bytes from the initial sequence number. */
  readonly sequence: number;
  readonly acknowledgment?: number;
  readonly payload?: Uint8Array;
  readonly options?: Uint8Array;
  readonly ttl?: number;
  readonly window?: number;
}

export interface Ends {
  readonly client: { readonly address: string; readonly port: number };
  readonly server: { readonly address: string; readonly port: number };
}

/** One segment from a side, with numbers that count from that side's initial one. */
export function segment(at: number, from: Side, made: MadeSegment, ends: Ends = ENDS): MadePacket {
  const to = from === 'client' ? 'server' : 'client';
  const { flags = TCP_FLAG.PSH | TCP_FLAG.ACK, sequence, acknowledgment, ...rest } = made;
  const spec: TcpSpec = {
    ...rest,
    source: address(ends[from].address),
    destination: address(ends[to].address),
    sourcePort: ends[from].port,
    destinationPort: ends[to].port,
    flags,
    sequence: addSequence(INITIAL[from], sequence),
    ...(acknowledgment !== undefined && {
      acknowledgment: addSequence(INITIAL[to], acknowledgment),
    }),
  };
  return { at, bytes: buildTcp(spec) };
}

export function datagram(
  at: number,
  from: Side,
  payload: Uint8Array,
  ends: Ends = ENDS,
): MadePacket {
  const to = from === 'client' ? 'server' : 'client';
  const bytes = buildUdp({
    source: address(ends[from].address),
    destination: address(ends[to].address),
    sourcePort: ends[from].port,
    destinationPort: ends[to].port,
    payload,
  });
  return { at, bytes };
}

/** SYN, SYN+ACK and ACK, a millisecond apart. */
export const handshake = (at: number, options?: Uint8Array): readonly MadePacket[] => [
  segment(at, 'client', { flags: TCP_FLAG.SYN, sequence: 0, ...(options && { options }) }),
  segment(at + 1, 'server', {
    flags: TCP_FLAG.SYN | TCP_FLAG.ACK,
    sequence: 0,
    acknowledgment: 1,
    ...(options && { options }),
  }),
  segment(at + 2, 'client', { flags: TCP_FLAG.ACK, sequence: 1, acknowledgment: 1 }),
];

/** A file of raw IP packets; `snaplen` cuts them. */
export const captureOf = (packets: readonly MadePacket[], snaplen?: number): Uint8Array =>
  makePcap(
    packets.map(({ at, bytes }) => ({
      time: Math.round(1e15 + at * 1000),
      data: bytes.subarray(0, snaplen),
      length: bytes.length,
    })),
    101,
  );

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** The value, or the test fails with the fault. */
export function valueOf<T>(result: Result<T, string>): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** `12 client send hello`, `20 server close fin`: what is played, in a line each. */
export const linesOf = (script: ReplayScript): readonly string[] =>
  script.conversations.flatMap(({ steps }) => steps.map(lineOf));

function lineOf(step: ReplayStep): string {
  const head = `${step.at} ${step.party} ${step.kind}`;
  if (step.kind === 'close') return `${head} ${step.how}`;
  const { payload } = step;
  const what =
    payload.kind === 'random' ? `random ${payload.size}` : new TextDecoder().decode(payload.bytes);
  return `${head} ${what}`;
}
