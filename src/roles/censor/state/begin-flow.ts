// What a flow's first packet decides: the rules that can ever match it, and what of its client's words is worth reading.
import type { PacketView } from '../../../wire/packet.ts';
import { TCP, TCP_FLAG, addSequence, readMaximumSegmentSize } from '../../../wire/tcp.ts';
import type { CensorReassembly } from '../../../model/censor.ts';
import { ClientStream } from '../inspect/client-stream.ts';
import { DatagramInspector } from '../inspect/datagram-inspector.ts';
import { Inspector } from '../inspect/inspector.ts';
import { FlowProgress } from '../match/flow-progress.ts';
import type { PacketHead } from '../match/look.ts';
import type { RuleBook } from '../match/rule-book.ts';
import type { Flow } from './flow.ts';

/** Prepares a flow for its first packet, `view`. */
export function beginFlow(
  flow: Flow,
  book: RuleBook,
  reassembly: CensorReassembly,
  view: PacketView,
  isForward: boolean,
  now: number,
): void {
  if (view.isTcp && isForward && (view.flags & TCP_FLAG.SYN) !== 0) {
    flow.initialSequence = view.sequence;
    const options = view.transportStart + TCP.headerLength;
    flow.maximumSegment = readMaximumSegmentSize(view.memory, options, view.payloadStart) ?? 0;
  }
  chooseRules(flow, book, reassembly, view, isForward, now);
}

/** Chooses the rules of a flow, from its first packet or when there are others than before, by its next packet. */
export function chooseRules(
  flow: Flow,
  book: RuleBook,
  reassembly: CensorReassembly,
  view: PacketView,
  isForward: boolean,
  now: number,
): void {
  const other = reversed(view);
  const [forwardHead, reverseHead] = isForward ? [view, other] : [other, view];
  flow.forwardRules = book.forwardRules(forwardHead);
  flow.reverseRules = book.reverseRules(reverseHead);
  flow.rulesChanged = true;
  if (flow.forwardRules.asksProgress || flow.reverseRules.asksProgress)
    flow.progress ??= new FlowProgress(now);
  startInspection(flow, reassembly, view, isForward);
}

const reversed = (view: PacketView): PacketHead => ({
  memory: view.memory,
  version: view.version,
  protocol: view.protocol,
  hasTransport: view.hasTransport,
  addressLength: view.addressLength,
  sourceOffset: view.destinationOffset,
  destinationOffset: view.sourceOffset,
  sourcePort: view.destinationPort,
  destinationPort: view.sourcePort,
});

/** Decides what of the client's bytes will be looked at: only layers that some rule for this flow asks about. */
function startInspection(
  flow: Flow,
  reassembly: CensorReassembly,
  view: PacketView,
  isForward: boolean,
): void {
  const { overTcp, overUdp } = flow.forwardRules;
  stopInspection(flow);
  if (view.isUdp && overUdp.length > 0) flow.datagrams = new DatagramInspector(overUdp, reassembly);
  if (view.isTcp && overTcp.length > 0) awaitWords(flow, view, isForward);
}

/** From this segment on, the client's stream is read as if it began here. */
export function awaitWords(flow: Flow, view: PacketView, isForward: boolean): void {
  const isSyn = (view.flags & TCP_FLAG.SYN) !== 0;
  flow.awaitsWords = true;
  flow.firstWord = isForward ? addSequence(view.sequence, isSyn ? 1 : 0) : view.acknowledgment;
  flow.stream = null;
  flow.inspector = null;
}

/** Makes what reads a client's stream, once it says something: after a SYN of a flood nothing comes. */
export function openStream(flow: Flow, reassembly: CensorReassembly): void {
  flow.awaitsWords = false;
  flow.stream ??= new ClientStream(flow.firstWord, reassembly);
  flow.inspector = new Inspector(flow.forwardRules.overTcp, reassembly);
}

/** No rule asks what the client says any more. */
export function stopInspection(flow: Flow): void {
  flow.awaitsWords = false;
  flow.stream = null;
  flow.inspector = null;
  flow.datagrams = null;
}
