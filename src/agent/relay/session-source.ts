// Which sessions a relay carries: plain ones where bytes go on as they came.
import { Fault } from '../../base/fault.ts';
import type { RelayFault, RelaySpec, RelayStatistics } from '../../model/relay.ts';
import type { RelayPort, Session } from '../../roles/relay/relay-port.ts';
import { PlainSession } from './plain-session.ts';

export type SourceStatistics = Pick<
  RelayStatistics,
  'rules' | 'framingFaults' | 'unread' | 'fuzzed'
> & {
  readonly messages: Record<
    'upstream' | 'downstream',
    { readonly in: number; readonly out: number }
  >;
};

export interface SessionSource {
  open(number: number, port: RelayPort, now: number): Session;
  /** Throws a usage fault for what it does not know. */
  setFaults(faults: readonly RelayFault[]): void;
  setRule(name: string, isEnabled: boolean): void;
  statistics(): SourceStatistics;
}

/** Milliseconds for which a UDP client is remembered where nothing is said. */
const DATAGRAM_IDLE = 60_000;

/** Of a relay that changes nothing. */
export function createPlainSource({ listen, limits }: RelaySpec): SessionSource {
  const pieces = { client: 0, server: 0 };
  const idle = limits.idleTimeout || (listen.kind === 'udp' ? DATAGRAM_IDLE : Infinity);
  const options = {
    idleTimeout: idle * 1000,
    onPiece: (from: 'client' | 'server') => {
      pieces[from] += 1;
    },
  };
  return {
    open: (number, port, now) => new PlainSession(number, port, options, now),
    setFaults: (faults) => {
      if (faults.length > 0) throw new Fault('usage', 'A relay without a protocol has no faults');
    },
    setRule: (name) => {
      throw new Fault('usage', `The relay has no rule "${name}"`);
    },
    statistics: () => ({
      rules: {},
      framingFaults: 0,
      unread: 0,
      fuzzed: 0,
      messages: {
        upstream: { in: pieces.client, out: pieces.client },
        downstream: { in: pieces.server, out: pieces.server },
      },
    }),
  };
}

/** Whether nothing is done to what passes, whatever comes. */
export const isPlain = ({ protocol, rules, faults, fuzz }: RelaySpec): boolean =>
  protocol.frame.kind === 'chunk' && rules.length === 0 && faults.length === 0 && fuzz === null;

/** Throws a usage fault for what this relay cannot do. */
export function createSource(spec: RelaySpec): SessionSource {
  if (isPlain(spec)) return createPlainSource(spec);
  throw new Fault('usage', `The relay reads no messages of protocol "${spec.protocol.protocol}"`, {
    help: 'Use protocol raw, without rules, faults and fuzzing',
  });
}
