// Which packets a censor does not believe, because their receiver would not: insertion packets fool a censor that does not look.
import type { CensorCheck } from '../../../model/censor-statistics.ts';
import type { CensorChecks } from '../../../model/censor.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_OPTION } from '../../../wire/tcp-options.ts';
import { TCP, findTcpOption } from '../../../wire/tcp.ts';
import { SEEN_ACK, isClosing, isOpening } from './connection.ts';
import type { Flow } from './flow.ts';
import { OrderTrack } from './order-track.ts';
import { WindowTrack } from './window-track.ts';

export class PacketChecks {
  readonly #checks: CensorChecks;
  readonly #followsWindows: boolean;

  constructor(checks: CensorChecks) {
    this.#checks = checks;
    this.#followsWindows = checks.ack || checks.window || checks.timestamp;
  }

  /** The check that a packet fails; null when it is to be believed. `flow` is null for an unknown one. */
  fault(view: PacketView, flow: Flow | null, isForward: boolean): CensorCheck | null {
    const { checksum, hops, md5 } = this.#checks;
    if (isForward && view.ttl < hops) return 'hops';
    if (checksum && hasWrongChecksum(view)) return 'checksum';
    if (!view.isTcp) return null;
    if (md5 && hasMd5(view)) return 'md5';
    if (flow === null) return null;
    if (this.#checks.window && isOpening(view) && isInTheMidst(flow)) return 'window';
    return flow.windows?.fault(this.#checks, view, isForward) ?? orderFault(flow, view, isForward);
  }

  /** Learns what the ends of a flow would take from a segment that is believed. */
  note(flow: Flow, view: PacketView, isForward: boolean): void {
    if (!view.isTcp) return;
    if (this.#checks.inOrder) flow.order ??= new OrderTrack(flow.initialSequence);
    if (!this.#followsWindows) return;
    flow.windows ??= new WindowTrack();
    flow.windows.note(view, isForward);
  }

  /** Of a fragment, nothing else can be summed. */
  hasWrongIpChecksum(view: PacketView): boolean {
    return this.#checks.checksum && view.verifyIpChecksum() === 'invalid';
  }
}

/** Null when nothing is checked, so that it costs nothing. */
export function createChecks(checks: CensorChecks): PacketChecks | null {
  const { checksum, hops, md5, ack, window, timestamp, inOrder } = checks;
  const isNeeded = checksum || hops > 0 || md5 || ack || window || timestamp || inOrder;
  return isNeeded ? new PacketChecks(checks) : null;
}

const hasWrongChecksum = (view: PacketView): boolean =>
  view.verifyIpChecksum() === 'invalid' || view.verifyTransportChecksum() === 'invalid';

function hasMd5({ memory, transportStart, payloadStart }: PacketView): boolean {
  return (
    findTcpOption(memory, transportStart + TCP.headerLength, payloadStart, TCP_OPTION.md5) >= 0
  );
}

/** What was decided about a flow holds for words in any order; where the place is lost, the next are taken. */
function orderFault(flow: Flow, view: PacketView, isForward: boolean): 'inOrder' | null {
  if (flow.order === null || flow.standing !== null || flow.residual !== null) return null;
  if (isForward && flow.resyncs) return null;
  return flow.order.isOut(view, isForward) ? 'inOrder' : null;
}

/** The receiver of a SYN in the midst of a connection answers with a challenge ACK and goes on (RFC 9293 section 3.10.7.4). */
const isInTheMidst = (flow: Flow): boolean =>
  (flow.marks & SEEN_ACK) !== 0 && flow.standing === null && !flow.settled && !isClosing(flow);
