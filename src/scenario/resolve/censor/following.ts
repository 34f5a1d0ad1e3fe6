// `state`, `reassembly` and `checks`: how a censor follows flows, with what is not written filled in.
import { DEFAULT_REASSEMBLY, DEFAULT_STATE, NO_CHECKS } from '../../../model/censor-defaults.ts';
import type { CensorChecks, CensorReassembly, CensorState } from '../../../model/censor.ts';
import type {
  Checks,
  Reassembly,
  CensorState as WrittenState,
} from '../../../model/scenario-file.ts';
import { bytes, millis, ratio } from '../quantity.ts';

export function resolveState(written: WrittenState = {}): CensorState {
  const { timeouts = {} } = written;
  const usual = DEFAULT_STATE;
  const time = (key: keyof CensorState['timeouts']): number => {
    const text = timeouts[key];
    return text === undefined ? usual.timeouts[key] : millis(text);
  };
  const { resyncProbability } = written;
  return {
    createOn: written.createOn ?? usual.createOn,
    handshake: written.handshake ?? usual.handshake,
    resyncOn: written.resyncOn ?? usual.resyncOn,
    teardownOn: written.teardownOn ?? usual.teardownOn,
    control: written.control ?? usual.control,
    resyncProbability:
      resyncProbability === undefined ? usual.resyncProbability : ratio(resyncProbability),
    timeouts: {
      syn: time('syn'),
      established: time('established'),
      closing: time('closing'),
      udp: time('udp'),
      other: time('other'),
    },
    capacity: written.flows ?? usual.capacity,
    whenFull: written.whenFull ?? usual.whenFull,
  };
}

export function resolveReassembly(written: Reassembly = {}): CensorReassembly {
  const usual = DEFAULT_REASSEMBLY;
  if (typeof written === 'boolean')
    return {
      ...usual,
      tcp: written,
      tlsRecord: written,
      ipFragment: written,
      quicCrypto: written,
    };
  return {
    tcp: written.tcp ?? usual.tcp,
    tlsRecord: written['tls-record'] ?? usual.tlsRecord,
    ipFragment: written['ip-fragment'] ?? usual.ipFragment,
    quicCrypto: written['quic-crypto'] ?? usual.quicCrypto,
    overlap: written.overlap ?? usual.overlap,
    buffer: written.buffer === undefined ? usual.buffer : bytes(written.buffer),
    fragments: written.fragments ?? usual.fragments,
  };
}

export function resolveChecks(written: Checks = {}): CensorChecks {
  if (typeof written === 'boolean')
    return {
      checksum: written,
      hops: 0,
      md5: written,
      ack: written,
      window: written,
      timestamp: written,
      inOrder: false,
    };
  return {
    checksum: written.checksum ?? NO_CHECKS.checksum,
    hops: written.ttl ?? NO_CHECKS.hops,
    md5: written.md5 ?? NO_CHECKS.md5,
    ack: written.ack ?? NO_CHECKS.ack,
    window: written.window ?? NO_CHECKS.window,
    timestamp: written.timestamp ?? NO_CHECKS.timestamp,
    inOrder: written.inOrder ?? NO_CHECKS.inOrder,
  };
}
