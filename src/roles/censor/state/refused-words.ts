import type { PacketView } from '../../../wire/packet.ts';
import { sequenceDistance } from '../../../wire/tcp.ts';
import { segmentEnd } from '../act/forge.ts';
import type { Flow } from './flow.ts';

/** The client's words at hand never reach the server: what was read once is not read again when it is sent again. */
export function refuseWords(flow: Flow, view: PacketView): void {
  if (!view.isTcp || flow.standing !== null) return;
  flow.refused = { from: view.sequence, to: segmentEnd(view) };
}

/** Whether a segment of the client has some of the words that were refused. */
export const repeatsRefused = ({ refused }: Flow, view: PacketView): boolean =>
  refused !== null &&
  view.payloadLength > 0 &&
  sequenceDistance(view.sequence, refused.to) < 0 &&
  sequenceDistance(segmentEnd(view), refused.from) > 0;
