// What the applications at both ends of a TCP connection did: what they sent, in the segments that carried it, and how they ended.
import { type Result, fail, ok } from '../../base/result.ts';
import { TCP_FLAG, readMaximumSegmentSize } from '../../wire/tcp.ts';
import type { Conversation, SentPacket } from './conversations.ts';
import { flowName } from './flow-filter.ts';
import { keptPayload } from './kept-payload.ts';
import type { ReplayParty, ReplayStep } from './replay-script.ts';
import { sinceBegin } from './since-begin.ts';
import { type Stream, type StreamPiece, readStream } from './tcp-stream.ts';

export interface TcpStepOptions {
  readonly fill: boolean;
  /** Bytes that one segment of the replay can carry. */
  readonly segment: number;
  readonly note: (text: string) => void;
}

export function tcpSteps(
  conversation: Conversation,
  options: TcpStepOptions,
): Result<readonly ReplayStep[], string> {
  const { packets } = conversation;
  if (!cameAbout(packets)) return ok([]);
  const at = sinceBegin(packets);
  const client = readStream(packets.filter(({ from }) => from === 'client'));
  const server = readStream(packets.filter(({ from }) => from === 'server'));
  const sides = [
    ['client', client, server],
    ['server', server, client],
  ] as const;
  const lists: ReplayStep[][] = [];
  for (const [party, own, peer] of sides) {
    const sends = sendsOf(conversation, party, own, options);
    if (!sends.ok) return sends;
    lists.push([...sends.value, ...endingOf(party, own, peer)]);
  }
  const steps = mergeByTime(lists);
  return ok(untilReset(steps).map((step) => ({ ...step, at: at(step.at) })));
}

/** Whether the connection was more than a SYN that nobody took up. */
const cameAbout = (packets: readonly SentPacket[]): boolean =>
  packets.some(
    ({ tcp, payloadLength }) =>
      payloadLength > 0 || (tcp !== null && (tcp.flags & (TCP_FLAG.SYN | TCP_FLAG.RST)) === 0),
  );

/** Each side's steps stay in their order, whichever packet brought them. */
function mergeByTime([left = [], right = []]: readonly ReplayStep[][]): readonly ReplayStep[] {
  const merged: ReplayStep[] = [];
  const [near, far] = [left.toReversed(), right.toReversed()];
  for (;;) {
    const [one, other] = [near.at(-1), far.at(-1)];
    const list = other === undefined || (one && isBefore(one, other)) ? near : far;
    const next = list.pop();
    if (next === undefined) return merged;
    merged.push(next);
  }
}

const isBefore = (one: ReplayStep, other: ReplayStep): boolean =>
  one.at < other.at || (one.at === other.at && one.frame < other.frame);

/** Times are still those of the file. */
function sendsOf(
  conversation: Conversation,
  party: ReplayParty,
  { pieces }: Stream,
  { fill, segment, note }: TcpStepOptions,
): Result<readonly ReplayStep[], string> {
  const steps: ReplayStep[] = [];
  const limit = Math.min(segment, largestSegment(conversation, party));
  let expected = 0;
  let cut = 0;
  for (const piece of pieces) {
    if (piece.from > expected) {
      const gap = gapBefore(piece, expected, party, fill);
      if (!gap.ok) return gap;
      steps.push(gap.value);
    }
    expected = piece.to;
    if (piece.to - piece.from > limit) cut += 1;
    for (const part of cutPiece(piece, limit)) {
      const { time, frame, bytes } = part;
      const payload = keptPayload(bytes, part.to - part.from, frame, fill);
      if (!payload.ok) return payload;
      steps.push({ kind: 'send', party, at: time, frame, payload: payload.value });
    }
  }
  if (cut > 0)
    note(
      `${flowName(conversation)}: ${cut} of the ${party}'s segments are longer than the ${limit} bytes that one can carry, ` +
        'as with offloading, and are sent as several',
    );
  return ok(steps);
}

function gapBefore(
  { time, frame, from }: StreamPiece,
  expected: number,
  party: ReplayParty,
  fill: boolean,
): Result<ReplayStep, string> {
  const size = from - expected;
  if (fill) return ok({ kind: 'send', party, at: time, frame, payload: { kind: 'random', size } });
  return fail(`It lacks ${size} bytes that the ${party} sent before packet ${frame}`);
}

function cutPiece(piece: StreamPiece, limit: number): readonly StreamPiece[] {
  const parts: StreamPiece[] = [];
  for (let from = piece.from; from < piece.to; from += limit) {
    const to = Math.min(piece.to, from + limit);
    const bytes = piece.bytes.subarray(from - piece.from, to - piece.from);
    parts.push({ ...piece, from, to, bytes });
  }
  return parts;
}

/** What the peer's SYN allows, less the options of the side's own segments (RFC 9293 section 3.7.1); Infinity when unknown. */
function largestSegment({ packets }: Conversation, party: ReplayParty): number {
  const syn = packets.find(({ from, tcp }) => from !== party && hasFlag(tcp, TCP_FLAG.SYN));
  const options = syn?.tcp?.options ?? new Uint8Array(0);
  const announced = readMaximumSegmentSize(options, 0, options.length);
  const data = packets.find(({ from, payloadLength }) => from === party && payloadLength > 0);
  const own = data?.tcp?.options.length ?? 0;
  return announced === null || announced <= own ? Infinity : announced - own;
}

const hasFlag = (tcp: SentPacket['tcp'], flag: number): boolean =>
  tcp !== null && (tcp.flags & flag) !== 0;

/** FIN, then RST where it came before the peer's FIN: after both, a connection is over and a RST says nothing. */
function endingOf(party: ReplayParty, own: Stream, peer: Stream): readonly ReplayStep[] {
  const steps: ReplayStep[] = [];
  const { fin, reset } = own;
  const last = own.pieces.at(-1)?.time ?? 0;
  const finTime = fin === null ? Infinity : Math.max(fin.time, last);
  const resets =
    reset !== null && !(fin !== null && peer.fin !== null && peer.fin.time <= reset.time);
  if (fin !== null && !(resets && reset.time < finTime)) {
    const isRead = resets || peer.pieces.some(({ time }) => time > finTime);
    steps.push({
      kind: 'close',
      party,
      at: finTime,
      frame: fin.frame,
      how: isRead ? 'half' : 'fin',
    });
  }
  if (resets)
    steps.push({ kind: 'close', party, at: reset.time, frame: reset.frame, how: 'reset' });
  return steps;
}

/** Nothing happens on a connection that was reset. */
function untilReset(steps: readonly ReplayStep[]): readonly ReplayStep[] {
  const at = steps.findIndex((step) => step.kind === 'close' && step.how === 'reset');
  return at < 0 ? steps : steps.slice(0, at + 1);
}
