// Which sessions a relay carries.
import { Fault } from '../../base/fault.ts';
import type { RelaySpec } from '../../model/relay.ts';
import type { Relay } from '../../roles/relay/relay-port.ts';
import { createPlainRelay, isPlain } from './plain-relay.ts';

/** Throws a usage fault for what this relay cannot do. */
export function chooseRelay(spec: RelaySpec): Relay {
  if (isPlain({ ...spec, control: null })) return createPlainRelay(spec);
  throw new Fault('usage', `The relay reads no messages of protocol "${spec.protocol.protocol}"`, {
    help: 'Use protocol raw, without rules, faults and fuzzing',
  });
}
