// What a relay's thread and the threads that process messages for it say to each other. Plain data: it crosses between threads.
import type { MessagePort } from 'node:worker_threads';
import type { RelaySpec } from '../../../model/relay.ts';
import type { ProcessedMessage, RelayWork } from '../../../roles/relay/relay-port.ts';

export interface PoolOrder {
  readonly spec: RelaySpec;
  readonly seed: number;
  /** To the relay's thread. */
  readonly port: MessagePort;
  /** See `SHARED` of order.ts. */
  readonly shared: SharedArrayBuffer;
  /** What wakes the relay's thread. */
  readonly event: number;
}

export interface PoolRequest {
  readonly session: number;
  readonly ticket: number;
  readonly work: RelayWork;
}

export interface PoolOutcome {
  readonly session: number;
  readonly ticket: number;
  readonly outcome: ProcessedMessage;
}
