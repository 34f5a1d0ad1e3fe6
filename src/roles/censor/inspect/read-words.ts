import type { CensorReassembly } from '../../../model/censor.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { openStream } from '../state/begin-flow.ts';
import type { Flow } from '../state/flow.ts';
import type { Message } from './message.ts';

/** Adds what the client said in this packet, and what it completed, to `messages`. False when its stream has outgrown the limit. */
export function readWords(
  flow: Flow,
  view: PacketView,
  reassembly: CensorReassembly,
  messages: Message[],
): boolean {
  const { memory, payloadStart, payloadEnd } = view;
  if (payloadStart === payloadEnd) return true;
  if (flow.datagrams?.read(memory, payloadStart, payloadEnd, messages) === false) {
    flow.datagrams = null;
    flow.rulesChanged = true;
  }
  if (flow.awaitsWords) openStream(flow, reassembly);
  const { stream, inspector } = flow;
  if (stream === null || inspector === null) return true;
  const first = (view.flags & TCP_FLAG.SYN) !== 0 ? view.sequence + 1 : view.sequence;
  if (stream.isBehind(flow.forward.next)) stream.overflowed = true;
  else if (!stream.add(first >>> 0, memory, payloadStart, payloadEnd)) return true;
  if (!stream.overflowed && inspector.read(stream, messages)) {
    stream.settle();
    return true;
  }
  flow.stream = null;
  flow.inspector = null;
  flow.rulesChanged = true;
  return !stream.overflowed;
}
