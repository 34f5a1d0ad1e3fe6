// What a flow's first packet decides: the rules that can ever match it, and what of its client's words is worth reading.
import type { PacketView } from '../../../wire/packet.ts';
import { TCP, TCP_FLAG, readMaximumSegmentSize } from '../../../wire/tcp.ts';
import { ClientStream } from '../inspect/client-stream.ts';
import type { Flow } from './flow.ts';
import type { PacketHead } from '../match/head-condition.ts';
import { Inspector } from '../inspect/inspector.ts';
import { LAYERS, type Layer } from '../inspect/message.ts';
import type { CompiledRule } from '../match/rule.ts';

/** Datagrams without a DNS query after which a UDP flow is not looked at any more. */
export const DATAGRAM_LOOKS = 8;

/** Prepares a flow for its first packet, `view`. Rules over messages are the client's alone: only its words are read. */
export function beginFlow(
  flow: Flow,
  rules: readonly CompiledRule[],
  view: PacketView,
  isForward: boolean,
): void {
  const other = reversed(view);
  const [forwardHead, reverseHead] = isForward ? [view, other] : [other, view];
  flow.forwardRules = rules.filter((rule) => rule.appliesTo(forwardHead));
  flow.reverseRules = rules.filter((rule) => rule.layers.size === 0 && rule.appliesTo(reverseHead));
  startInspection(flow, view, isForward);
}

const reversed = (view: PacketView): PacketHead => ({
  memory: view.memory,
  version: view.version,
  protocol: view.protocol,
  addressLength: view.addressLength,
  sourceOffset: view.destinationOffset,
  destinationOffset: view.sourceOffset,
  sourcePort: view.destinationPort,
  destinationPort: view.sourcePort,
});

/** Decides what of the client's bytes will be looked at: only layers that some rule for this flow asks about. */
function startInspection(flow: Flow, view: PacketView, isForward: boolean): void {
  const layers = new Set<Layer>();
  for (const rule of flow.forwardRules)
    for (const layer of rule.isProgram ? LAYERS : rule.layers) layers.add(layer);
  if (view.isUdp && layers.has('dns')) flow.datagramLooks = DATAGRAM_LOOKS;
  if (!view.isTcp) return;
  const isSyn = (view.flags & TCP_FLAG.SYN) !== 0;
  if (isForward && isSyn) {
    flow.initialSequence = view.sequence;
    const options = view.transportStart + TCP.headerLength;
    flow.maximumSegment = readMaximumSegmentSize(view.memory, options, view.payloadStart) ?? 0;
  }
  if (layers.size === 0) return;
  const first = isForward ? (view.sequence + (isSyn ? 1 : 0)) >>> 0 : view.acknowledgment;
  flow.stream = new ClientStream(first);
  flow.inspector = new Inspector([...layers]);
}
