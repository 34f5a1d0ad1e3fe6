// What the OONI formats are made from.
import type { FiveTuple, Observation } from '../../model/observation.ts';
import type { ProbeSpec } from '../../model/traffic.ts';

export interface Attempt {
  readonly observation: Observation;
  /** What was asked for; null when the plan has no such flow. */
  readonly probe: ProbeSpec | null;
}

/** `10.10.2.2:443`, `[fd00::1]:443`. */
export const endpointOf = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export const remoteOf = ({ destination, destinationPort }: FiveTuple): string =>
  endpointOf(destination, destinationPort);

/** Seconds, to a microsecond. */
export const seconds = (millis: number): number => Math.round(millis * 1000) / 1e6;

/** Seconds that the whole attempt took. */
export const runtimeOf = ({ start, end }: Observation): number => seconds((end - start) / 1000);

/** The failure, if the attempt ended during one of these operations. */
export const failureDuring = (
  { failure, operation }: Observation,
  ...operations: readonly string[]
): string | null => (operations.includes(operation ?? '') ? failure : null);
