// What a relay is told where nothing is said.
import type { ProtocolSpec } from './protocol.ts';
import type { RelayLimits } from './relay.ts';

export const RELAY_LIMITS: RelayLimits = {
  sessions: 65_536,
  seats: 1024,
  bytes: 1_048_576,
  dialTimeout: 10_000,
  processTimeout: 1000,
  idleTimeout: 0,
};

/** Milliseconds that a receiver has to answer a mutated message. */
export const FUZZ_ANSWER_TIMEOUT = 1000;

/** Bytes as they come. */
export const RAW_PROTOCOL: ProtocolSpec = {
  protocol: 'raw',
  description: 'Bytes as they come: a message is what one read gave.',
  references: [],
  frame: { kind: 'chunk' },
  message: { client: 'chunk', server: 'chunk' },
  type: null,
  layouts: { chunk: { fields: [{ name: 'data', type: { kind: 'bytes', size: 'rest' } }] } },
  enums: {},
  order: { strict: ['*'], loose: [], barrier: [] },
};
