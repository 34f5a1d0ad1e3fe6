// What an attempt did on the network and when, in the operations of OONI's data format df-008, told by the operations that a probe begins
// and the moments that it marks. Writes are not noted: a socket takes them at once and sends when it may.
import type { NetworkEvent, Observation } from '../../model/observation.ts';
import type { Operation } from '../../traffic/failure.ts';

export interface NetworkLog {
  readonly events: readonly NetworkEvent[];
  /** The probe turns to this. */
  begin(operation: Operation): void;
  /** The probe notes that this has happened. */
  mark(name: string): void;
  read(bytes: number): void;
  /** The attempt is over; a failure belongs to what was being done. */
  end({ failure, operation }: Pick<Observation, 'failure' | 'operation'>): void;
}

/** Those of a long download are reads that say little more. */
const LIMIT = 100;

/** Operations that have an event for their beginning and one for their end. */
const LASTING: readonly string[] = ['tls_handshake', 'quic_handshake', 'resolve'];

/** `elapsed` gives the seconds since the attempt began. */
export function createNetworkLog(elapsed: () => number): NetworkLog {
  const events: NetworkEvent[] = [];
  let begun = 0;
  const note = (operation: string, t0: number, more: Partial<NetworkEvent> = {}): void => {
    events.push({ operation, t0, t: elapsed(), failure: null, ...more });
  };
  const isNoted = (operation: string): boolean =>
    events.some((event) => event.operation === operation);
  return {
    events,
    begin: (operation) => {
      begun = elapsed();
      const start = `${operation}_start`;
      // A probe that turns to its answer again, having read it, begins nothing.
      if (LASTING.includes(operation) && !isNoted(start) && !isNoted('read')) note(start, begun);
    },
    mark: (name) => {
      if (name === 'connect') note(name, begun);
      if (name === 'tls_handshake') note('tls_handshake_done', begun);
      if (name === 'response' && isNoted('resolve_start') && !isNoted('resolve_done'))
        note('resolve_done', begun);
    },
    read: (bytes) => {
      if (events.length < LIMIT) note('read', events.at(-1)?.t ?? begun, { bytes });
    },
    end: ({ failure, operation }) => {
      if (failure === null || operation === null) return;
      const name = LASTING.includes(operation) ? `${operation}_done` : operation;
      if (!isNoted(`${operation}_done`)) note(name, begun, { failure });
    },
  };
}
