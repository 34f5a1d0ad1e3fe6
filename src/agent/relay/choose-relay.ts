// Which sessions a relay carries.
import type { RelaySpec } from '../../model/relay.ts';
import { createRelay } from '../../roles/relay/create-relay.ts';
import { createWorker } from '../../roles/relay/process/create-worker.ts';
import type { ProcessedMessage, Relay, RelayWork } from '../../roles/relay/relay-port.ts';
import { compileProtocol } from '../../wire/protocol/compile-protocol.ts';
import type { Protocol } from '../../wire/protocol/contract.ts';
import { createPlainRelay, isPlain } from './plain-relay.ts';

/** Sessions of the role, or plain ones where nothing is ever changed. */
export const chooseRelay = (spec: RelaySpec, protocol: Protocol, seed: number): Relay =>
  isPlain(spec) ? createPlainRelay(spec) : createRelay(spec, protocol, seed);

/** What a thread does that processes messages for such sessions. */
export const chooseWorker = (
  spec: RelaySpec,
  seed: number,
): ((work: RelayWork) => ProcessedMessage) =>
  createWorker(spec, compileProtocol(spec.protocol), seed);
