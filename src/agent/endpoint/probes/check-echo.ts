import { findEchoDifference } from '../../../traffic/echo.ts';
import { unknownFailure } from '../../../traffic/failure.ts';
import { ProbeFailure } from '../measurement.ts';

/** Fails the probe when bytes at `offset` of an echo are not those that were sent. */
export function checkEcho(bytes: Uint8Array, offset: number): void {
  const difference = findEchoDifference(bytes, offset);
  if (difference === undefined) return;
  const detail = `echo differs from what was sent at byte ${difference}`;
  throw new ProbeFailure(unknownFailure(detail), detail);
}
