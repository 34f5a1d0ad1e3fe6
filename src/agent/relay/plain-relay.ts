// A relay that changes nothing.
import { Fault } from '../../base/fault.ts';
import type { RelaySpec } from '../../model/relay.ts';
import { idleLimit } from '../../roles/relay/idle-clock.ts';
import type { Relay } from '../../roles/relay/relay-port.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import { type PlainOptions, PlainSession } from './plain-session.ts';

export function createPlainRelay(spec: RelaySpec): Relay {
  const pieces = { client: 0, server: 0 };
  const options: PlainOptions = {
    idleLimit: idleLimit(spec),
    onPiece: (from: Side) => {
      pieces[from] += 1;
    },
  };
  return {
    open: (number, port, now) => new PlainSession(number, port, options, now),
    setFaults: (faults) => {
      if (faults.length > 0) throw new Fault('usage', 'A relay that changes nothing has no faults');
    },
    setRule: (name) => {
      throw new Fault('usage', `The relay has no rule "${name}"`);
    },
    statistics: () => ({
      ...{ rules: {}, framingFaults: 0, unread: 0, overdue: 0, fuzzed: 0, findings: {} },
      messages: {
        upstream: { in: pieces.client, out: pieces.client },
        downstream: { in: pieces.server, out: pieces.server },
      },
    }),
  };
}

/** Whether nothing is done to what passes, whatever comes: faults may come from whoever controls it. */
export const isPlain = ({ protocol, rules, faults, fuzz, control }: RelaySpec): boolean =>
  protocol.frame.kind === 'chunk' &&
  rules.length + faults.length === 0 &&
  fuzz === null &&
  control === null;
