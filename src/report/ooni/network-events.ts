// df-008: what happened on the network, as the probe saw it.
import { type Attempt, remoteOf } from './attempt.ts';

export interface NetworkEvent {
  readonly address: string;
  readonly failure: string | null;
  readonly num_bytes?: number;
  readonly operation: string;
  readonly proto: string;
  readonly t0: number;
  readonly t: number;
}

export function networkEvents({ observation }: Attempt): NetworkEvent[] {
  const { fiveTuple, events = [] } = observation;
  return events.map(({ operation, t0, t, failure, bytes }) => ({
    address: fiveTuple ? remoteOf(fiveTuple) : '',
    failure,
    ...(bytes === undefined ? {} : { num_bytes: bytes }),
    operation,
    proto: fiveTuple?.protocol ?? '',
    t0,
    t,
  }));
}
