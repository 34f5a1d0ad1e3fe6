// What the server saw of the client's packets, in the notation of model/signature.ts. It reads the server's own capture alone, as the
// paper does: an RST in it may be the client's own, and whether somebody made it the signals say.
import type { AlignedFlow } from './aligned.ts';
import { type SeenPacket, has } from './seen-packet.ts';

/** Null when the connection ended in peace, is none of TCP, or when no capture of the server holds any of it. */
export function signatureOf(flow: AlignedFlow): string | null {
  if (flow.tuple.protocol !== 'tcp') return null;
  const packets = atServer(flow);
  const end = packets.findIndex((packet) => has(packet, 'RST') || has(packet, 'FIN'));
  const carried = end < 0 ? packets : packets.slice(0, end);
  const closing = packets[end];
  const progress = progressOf(carried);
  if (progress === null || (closing && !has(closing, 'RST'))) return null;
  const resets = packets.filter((packet) => has(packet, 'RST'));
  return `⟨${progress}→${endOf(resets, progress.startsWith('PSH'))}⟩`;
}

/** In the order of their arrival. */
function atServer({ forward }: AlignedFlow): SeenPacket[] {
  const index = forward.points.findIndex(({ atReceiver, complete }) => atReceiver && complete);
  return forward.trajectories
    .flatMap(({ sightings }) => sightings[index] ?? [])
    .toSorted((left, right) => left.time - right.time || left.frame - right.frame);
}

function progressOf(packets: readonly SeenPacket[]): string | null {
  const data = new Set(packets.flatMap(({ length, sequence }) => (length > 0 ? [sequence] : [])));
  if (data.size > 0) return data.size === 1 ? 'PSH+ACK' : 'PSH+ACK;Data';
  if (packets.some((packet) => !has(packet, 'SYN') && has(packet, 'ACK'))) return 'SYN;ACK';
  return packets.some((packet) => has(packet, 'SYN')) ? 'SYN' : null;
}

/** Of several RSTs the first two tell; of plain ones after data the acknowledgment numbers. */
function endOf([first, second]: readonly SeenPacket[], hasData: boolean): string {
  if (!first) return '∅';
  if (!second) return nameOf(first);
  const names = [first, second].map(nameOf).toSorted();
  if (names.includes('RST+ACK')) return names.join(';');
  if (!hasData) return 'RST;RST';
  const numbers = [first.acknowledgment, second.acknowledgment];
  if (numbers[0] === numbers[1]) return 'RST=RST';
  return numbers.includes(0) ? 'RST;RST₀' : 'RST≠RST';
}

const nameOf = (packet: SeenPacket): string => (has(packet, 'ACK') ? 'RST+ACK' : 'RST');
