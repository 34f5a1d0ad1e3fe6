// df-005: TCP connections.
import { type Attempt, failureDuring, runtimeOf, seconds } from './attempt.ts';

export interface TcpConnect {
  readonly ip: string;
  readonly port: number;
  readonly status: { readonly failure: string | null; readonly success: boolean };
  readonly t0: number;
  readonly t: number;
}

/** None for an attempt that sent nothing over TCP. */
export function tcpConnects({ observation }: Attempt): TcpConnect[] {
  const { fiveTuple, timings } = observation;
  if (fiveTuple?.protocol !== 'tcp') return [];
  const failure = failureDuring(observation, 'connect');
  const connect = timings['connect'];
  if (connect === undefined && failure === null) return [];
  return [
    {
      ip: fiveTuple.destination,
      port: fiveTuple.destinationPort,
      status: { failure, success: failure === null },
      t0: 0,
      t: connect === undefined ? runtimeOf(observation) : seconds(connect),
    },
  ];
}
