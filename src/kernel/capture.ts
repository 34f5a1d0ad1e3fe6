// Packet capture and BPF filters by libpcap, through the binding of npm `pcap`. Its PcapSession class is passed by: that
// class starts a libuv poll handle which it never closes, so a worker thread that used it aborts the process when it
// ends (Node 20, pcap 3.1.0), and it gives a JavaScript event a packet. The binding itself has neither trouble: the
// caller drains the ring when it likes (measured: 0.6 µs a small packet, 1.0 µs a full one). It loads in one thread
// of a process at a time.
import { createRequire } from 'node:module';
import { Fault } from '../base/fault.ts';

interface PcapBinding {
  PcapSession: new () => PcapSession;
}

interface PcapSession {
  open_live: OpenSession;
  open_offline: OpenSession;
  /** Hands every packet that is there to the callback, one at a time; negative on error and once closed. */
  dispatch(buffer: Buffer, header: Buffer): number;
  stats(): { ps_recv: number; ps_drop: number };
  /** Only asks: the session is freed by the dispatch that next finds a packet. */
  close(): void;
}

type OpenSession = (
  device: string,
  filter: string,
  bufferSize: number,
  snaplen: number,
  outputFile: string,
  onPacket: () => void,
  monitor: boolean,
  bufferTimeout: number,
  onWarning: (text: string) => void,
  promiscuous: boolean,
) => string;

export interface CaptureOptions {
  readonly interface: string;
  /** pcap-filter(7), or empty. */
  readonly filter: string;
  readonly snaplen: number;
  /** Bytes of the kernel's ring. */
  readonly ringSize: number;
  /** Milliseconds after which the kernel hands over a block of the ring that is not full. */
  readonly blockTimeout: number;
}

/** Where packets are handed over: the caller reads them before it returns. */
export interface PacketSlot {
  /** Holds the captured bytes from 0. */
  readonly data: Buffer;
  /** A pcap record header in this machine's byte order: seconds, microseconds, captured length, length on the wire. */
  readonly header: Buffer;
}

export interface CaptureSession {
  /** libpcap's name, such as `LINKTYPE_ETHERNET`. */
  readonly linkType: string;
  /** Calls `onPacket` for every packet that the kernel has handed over; the slot holds it. False when reading failed. */
  drain(slot: PacketSlot): boolean;
  /** Packets that passed the filter since the start, and those among them that found the ring full. */
  counters(): { readonly received: number; readonly dropped: number };
  /** No packet is handed over afterwards. The ring is freed by `release`. */
  close(): void;
  /** After `close`: true once the ring has been given back, which libpcap does when one more packet has come. */
  release(slot: PacketSlot): boolean;
}

const CLOSED = -2;

export const packetSlot = (snaplen: number): PacketSlot => ({
  data: Buffer.alloc(snaplen),
  header: Buffer.alloc(16),
});

/** Loads libpcap's binding; a machine fault says how to install what is missing. */
export function loadPcap(): PcapBinding {
  try {
    return createRequire(import.meta.url)('pcap/build/Release/pcap_binding.node') as PcapBinding;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new Fault('machine', `Cannot load libpcap, which captures packets: ${reason}`, {
      help: 'Run "sudo apt-get install libpcap-dev" and then "npm rebuild pcap"',
      cause,
    });
  }
}

/**
 * Starts a capture on an interface of the namespace that this thread is in. Throws libpcap's own message as an Error
 * whose `rejectsFilter` says whether the filter is at fault.
 */
export function openCapture(options: CaptureOptions, onPacket: () => void): CaptureSession {
  const binding = loadPcap();
  const session = new binding.PcapSession();
  const open = (target: PcapSession, filter: string, ringSize: number): string =>
    target.open_live(
      options.interface,
      filter,
      ringSize,
      options.snaplen,
      '',
      onPacket,
      false,
      options.blockTimeout,
      // Says that the interface has no IPv4 address.
      () => undefined,
      false,
    );
  let linkType: string;
  try {
    linkType = open(session, options.filter, options.ringSize);
  } catch (cause) {
    throw new CaptureError(cause, options.filter !== '' && opensWithoutFilter(binding, open));
  }
  return {
    linkType,
    drain: ({ data, header }) => session.dispatch(data, header) >= 0,
    counters: () => {
      const { ps_recv: received, ps_drop: dropped } = session.stats();
      return { received: received >>> 0, dropped: dropped >>> 0 };
    },
    close: () => session.close(),
    release: ({ data, header }) => session.dispatch(data, header) === CLOSED,
  };
}

/** libpcap refused; `rejectsFilter` when what it refused is the filter. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly rejectsFilter: boolean;

  constructor(cause: unknown, rejectsFilter: boolean) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.rejectsFilter = rejectsFilter;
  }
}

/** How many packets of a pcap file pass the filter. A file that was cut off counts as far as it goes. */
export function countInFile(file: string, filter: string): number {
  const binding = loadPcap();
  const slot = packetSlot(262_144);
  let count = 0;
  const read = (target: PcapSession, expression: string): void => {
    const onPacket = (): void => {
      count += 1;
    };
    const ignore = (): void => undefined;
    target.open_offline(file, expression, 0, 0, '', onPacket, false, 0, ignore, false);
  };
  const session = new binding.PcapSession();
  try {
    read(session, filter);
  } catch (cause) {
    throw new CaptureError(cause, filter !== '' && opensWithoutFilter(binding, read));
  }
  session.dispatch(slot.data, slot.header);
  session.close();
  session.dispatch(slot.data, slot.header);
  return count;
}

const PROBE_RING = 1 << 20;

function opensWithoutFilter(
  binding: PcapBinding,
  open: (session: PcapSession, filter: string, ringSize: number) => unknown,
): boolean {
  const session = new binding.PcapSession();
  try {
    open(session, '', PROBE_RING);
    session.close();
    return true;
  } catch {
    return false;
  }
}
