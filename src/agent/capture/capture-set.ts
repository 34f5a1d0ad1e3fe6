// All captures of a lab, drained by one thread.
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import {
  CaptureError,
  type CaptureSession,
  openCapture,
  packetSlot,
  type PacketSlot,
} from '../../kernel/capture.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { CaptureFile } from './capture-file.ts';
import type { CaptureCounts, CaptureOrder } from './messages.ts';
import { ringShape } from './ring.ts';

/** Milliseconds between two drains. Time stamps are the kernel's, so waiting costs nothing but ring memory. */
const DRAIN_INTERVAL = 10;
/** Milliseconds after which `stop` gives up waiting for packets that the kernel counted but does not hand over. */
const STOP_LIMIT = 2000;
/** Rounds without a new packet after which a ring counts as empty whatever its counters say. */
const QUIET_ROUNDS = 5;
const RELEASE_INTERVAL = 1000;

interface Capture {
  readonly order: CaptureOrder;
  readonly session: CaptureSession;
  readonly file: CaptureFile;
  failed: boolean;
}

export interface CaptureSet {
  /** Drains until every packet that had come when it was called is in its file, then closes the files. */
  stop(): Promise<CaptureCounts[]>;
}

/** Hears of packets that could not be written; `gone` names a capture whose interface is gone. */
type OnFault = (fault: Fault, gone?: string) => void;

/** Opens every capture or throws the first fault. */
export function startCaptureSet(orders: readonly CaptureOrder[], onFault: OnFault): CaptureSet {
  const slot = packetSlot(Math.max(1, ...orders.map(({ snaplen }) => snaplen)));
  const ring = ringShape(orders.length);
  const captures = orders.map((order): Capture => {
    const onPacket = (): void => capture.file.append(slot);
    const session = open(order, ring, onPacket);
    const file = new CaptureFile(order.file, session.linkType, order.snaplen);
    const capture: Capture = { order, session, file, failed: false };
    return capture;
  });
  const drainAll = (): void => {
    for (const capture of captures) drain(capture, slot, onFault);
  };
  const timer = setInterval(drainAll, DRAIN_INTERVAL);
  return {
    async stop() {
      clearInterval(timer);
      await drainUntilSettled(captures, drainAll, ring.blockTimeout);
      const counts = captures.map(finish);
      releaseRings(captures, slot);
      return counts;
    },
  };
}

function open(
  order: CaptureOrder,
  ring: ReturnType<typeof ringShape>,
  onPacket: () => void,
): CaptureSession {
  const { filter, snaplen, interface: device } = order;
  const options = {
    interface: device,
    filter,
    snaplen,
    ringSize: ring.size,
    blockTimeout: ring.blockTimeout,
  };
  try {
    return inNamespace(order.namespace, () => openCapture(options, onPacket));
  } catch (cause) {
    if (!(cause instanceof CaptureError)) throw cause;
    if (cause.rejectsFilter)
      throw new Fault(
        'usage',
        `The filter of capture "${order.name}" is no BPF filter: "${filter}": ${cause.message}`,
        { help: 'The language is described in pcap-filter(7)', cause },
      );
    throw new Fault(
      'machine',
      `Cannot capture on "${device}" for "${order.name}": ${cause.message}`,
      { help: isMissing(cause) ? NAMES : RIGHTS, cause },
    );
  }
}

const NAMES = 'Give the capture an interface that is there: "ip -brief link" lists them';
const RIGHTS = 'Capturing needs CAP_NET_RAW in the node: run "runner doctor"';

/** PCAP_ERROR_NO_SUCH_DEVICE, of which the binding gives the words alone (pcap_activate(3PCAP)). */
const isMissing = ({ message }: CaptureError): boolean => /no such device/i.test(message);

function drain(capture: Capture, slot: PacketSlot, onFault: OnFault): void {
  const read = capture.session.drain(slot);
  const fault = capture.file.flush();
  if (fault) onFault(fault);
  if (read || capture.failed) return;
  capture.failed = true;
  const { name, interface: device } = capture.order;
  const message = `Capture "${name}" lost its interface "${device}": it is down or gone`;
  onFault(new Fault('run', message), name);
}

async function drainUntilSettled(
  captures: readonly Capture[],
  drainAll: () => void,
  blockTimeout: number,
): Promise<void> {
  const targets = captures.map(({ session }) => session.counters().received);
  const settled = (): boolean =>
    captures.every(({ session, file }, index) => {
      const handed = file.packets + file.unwritten + session.counters().dropped;
      return handed >= (targets[index] ?? 0);
    });
  const seen = (): number =>
    captures.reduce((sum, { file }) => sum + file.packets + file.unwritten, 0);
  const deadline = performance.now() + STOP_LIMIT;
  // On a loopback interface, and for packets that came before the filter was in place, the kernel counts more than
  // it hands over: then quiet is the sign.
  for (let quiet = 0; quiet < QUIET_ROUNDS && performance.now() < deadline;) {
    const before = seen();
    drainAll();
    if (settled()) return;
    await delay(blockTimeout);
    quiet = seen() === before ? quiet + 1 : 0;
  }
}

function finish({ session, file }: Capture): CaptureCounts {
  const { dropped } = session.counters();
  session.close();
  file.close();
  return { packets: file.packets, bytes: file.bytes, dropped: dropped + file.unwritten };
}

/** A lab that is kept would otherwise pay for rings that nobody reads. */
function releaseRings(captures: readonly Capture[], slot: PacketSlot): void {
  let open = captures.map(({ session }) => session);
  const timer = setInterval(() => {
    open = open.filter((session) => !session.release(slot));
    if (open.length === 0) clearInterval(timer);
  }, RELEASE_INTERVAL);
  timer.unref();
}
