// Which sessions a relay carries.
import { Fault } from '../../base/fault.ts';
import { InvariantError } from '../../base/invariant.ts';
import type { RelaySpec } from '../../model/relay.ts';
import { createRelay } from '../../roles/relay/create-relay.ts';
import { createWorker } from '../../roles/relay/process/create-worker.ts';
import type { FuzzMessage } from '../../roles/relay/process/fuzz-message.ts';
import type { ProcessedMessage, Relay, RelayWork } from '../../roles/relay/relay-port.ts';
import { compileProtocol } from '../../wire/protocol/compile-protocol.ts';
import { createPlainRelay, isPlain } from './plain-relay.ts';

/** Sessions of the role, or plain ones where nothing is ever changed. Throws a usage fault for what it cannot do. */
export function chooseRelay(spec: RelaySpec, seed: number): Relay {
  if (spec.fuzz !== null) throw new Fault('usage', 'The relay mutates no messages (fuzz)');
  if (isPlain(spec)) return createPlainRelay(spec);
  return createRelay(spec, compileProtocol(spec.protocol), seed, neverFuzzed);
}

/** What a thread does that processes messages for such sessions. */
export const chooseWorker = (
  spec: RelaySpec,
  seed: number,
): ((work: RelayWork) => ProcessedMessage) =>
  createWorker(spec, compileProtocol(spec.protocol), seed, neverFuzzed);

const neverFuzzed: FuzzMessage = () => {
  throw new InvariantError('A relay that fuzzes was refused');
};
