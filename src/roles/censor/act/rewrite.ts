// Turning a flow's own packets into resets, as TSPU does with what a server sends (Xue, IMC 2022): nothing is forged that was not on
// its way, so the sequence numbers fit by themselves.
import type { ResetAction } from '../../../model/censor-action.ts';
import { buildTcp } from '../../../wire/build.ts';
import { fromHex } from '../../../wire/bytes.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { flagBits } from '../flag-bits.ts';
import { coversDirection } from './direction.ts';
import type { Firing } from './firing.ts';
import { drawShape } from './reset.ts';

/** The packet at hand as a reset from its own sender; null when it is none of the action's, or a reset already. */
export function rewriteToReset(action: ResetAction, firing: Firing): Uint8Array | null {
  const { view, isForward } = firing.occasion;
  if (!view.isTcp || (view.flags & TCP_FLAG.RST) !== 0) return null;
  if (!coversDirection(action.direction, isForward) || !firing.canHold) return null;
  const { ipId, ...shape } = drawShape(action, firing, view);
  const flags = flagBits(action.flags);
  return buildTcp({
    ...shape,
    id: ipId,
    source: view.source,
    destination: view.destination,
    sourcePort: view.sourcePort,
    destinationPort: view.destinationPort,
    sequence: view.sequence,
    acknowledgment: (flags & TCP_FLAG.ACK) !== 0 ? view.acknowledgment : 0,
    flags,
    payload: fromHex(action.payload),
  });
}
