// How a censor is where the file does not say: it follows every flow from whatever packet comes first, puts together what endpoints would,
// and believes every packet.
import type { NumberSource, ResetAction } from './censor-action.ts';
import type { CensorChecks, CensorReassembly, CensorSpec, CensorState, Span } from './censor.ts';

export const DEFAULT_STATE: CensorState = {
  createOn: ['SYN', 'SYN+ACK', 'data'],
  handshake: false,
  resyncOn: [],
  teardownOn: [],
  control: 'ports',
  resyncProbability: 1,
  // Established TCP: what Xue (IMC 2022) measured in the field. UDP: RFC 4787 section 4.3 asks for at least two minutes.
  timeouts: {
    syn: 60_000,
    established: 480_000,
    closing: 480_000,
    udp: 120_000,
    other: 30_000,
  },
  capacity: 65_536,
  whenFull: 'evict',
};

export const DEFAULT_REASSEMBLY: CensorReassembly = {
  tcp: true,
  tlsRecord: true,
  ipFragment: false,
  quicCrypto: true,
  overlap: 'first',
  buffer: 65_536,
  fragments: 64,
};

export const NO_CHECKS: CensorChecks = {
  checksum: false,
  hops: 0,
  md5: false,
  ack: false,
  window: false,
  timestamp: false,
  inOrder: false,
};

export const AT_ONCE: Span = { low: 0, high: 0 };

/** That of the packet that triggered it. */
export const AS_TRIGGER: NumberSource = { from: 'trigger' };

const ZERO: NumberSource = { from: 'fixed', value: 0 };

/** A reset of which nothing is written, of an in-path censor. */
export const DEFAULT_RESET: ResetAction = {
  kind: 'reset',
  mode: 'inject',
  direction: 'both',
  sides: 'both',
  count: 1,
  flags: ['RST'],
  offsets: [0],
  ttl: AS_TRIGGER,
  window: ZERO,
  ipId: ZERO,
  payload: '',
  delay: 0,
  gap: 0,
  repeat: true,
  dropTrigger: true,
};

/** A censor of which nothing but its rules is written. */
export const DEFAULT_CENSOR: Omit<CensorSpec, 'rules'> = {
  onError: 'pass',
  inside: [],
  state: DEFAULT_STATE,
  reassembly: DEFAULT_REASSEMBLY,
  checks: NO_CHECKS,
  lists: [],
  models: [],
};
