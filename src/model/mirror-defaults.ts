// What a mirror is told where nothing is said.
import type { MirrorLimits, MirrorSpec, MirrorTimeouts } from './mirror.ts';

/** tcpcopy's where it has them: 3 s to connect, 6 s to end, 10 s for a gap, 600 s of silence. */
export const MIRROR_TIMEOUTS: MirrorTimeouts = {
  establish: 3000,
  answer: 3000,
  stall: 30_000,
  closing: 6000,
  idle: 600_000,
  gap: 10_000,
};

export const MIRROR_LIMITS: MirrorLimits = {
  sessions: 65_536,
  sessionBytes: 16_777_216,
  totalBytes: 268_435_456,
  flight: 1_048_576,
  mtu: 1500,
  reopens: 16,
};

export const DEFAULT_MIRROR: MirrorSpec = {
  protocol: 'tcp',
  mode: 'packet',
  clients: [],
  mapped: [],
  multiply: 1,
  sample: 1,
  ramp: 0,
  fullSessions: false,
  order: 'answers',
  timeouts: MIRROR_TIMEOUTS,
  limits: MIRROR_LIMITS,
  source: { kind: 'live' },
  compare: null,
  hook: null,
};
