import { failureOf } from '../../../traffic/failure.ts';
import type { Operation } from '../../../traffic/failure.ts';
import type { PlayFault } from '../../../traffic/script/play.ts';
import { ProbeFailure } from '../measurement.ts';

/** A system or TLS error, or what a driver found, as a player hears it. */
export function toPlayFault(error: unknown, operation: Operation): PlayFault {
  if (error instanceof ProbeFailure)
    return { failure: error.failure, operation, detail: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const field = (name: 'code' | 'syscall' | 'reason'): string | undefined => {
    const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  // OpenSSL's message carries addresses of its memory; its reason says the same without.
  const detail = field('reason') ?? message;
  const facts = { code: field('code'), syscall: field('syscall'), message: detail };
  return { failure: failureOf(facts, operation), operation, detail };
}
