import type { HopAnswer } from '../model/observation.ts';
import type { TracePayload } from '../model/probe.ts';
import { END_OF_FILE } from './failure.ts';
import { PORT_UNREACHABLE } from './icmp-error.ts';

/** What the answer that ends a traceroute amounts to: null where the destination has answered as it should. */
export function traceFailure(
  payload: TracePayload['kind'],
  { kind, address, detail }: HopAnswer,
  destination: string,
): string | null {
  switch (kind) {
    case 'echo-reply':
    case 'syn-ack':
    case 'data':
      return null;
    case 'rst':
      return payload === 'tcp' ? 'connection_refused' : 'connection_reset';
    case 'fin':
      return END_OF_FILE;
    case 'unreachable':
      if (detail !== PORT_UNREACHABLE) return 'host_unreachable';
      // A closed port is what a traceroute by datagrams looks for.
      return payload === 'udp' && address === destination ? null : 'connection_refused';
    case 'time-exceeded':
      return 'host_unreachable';
  }
}
