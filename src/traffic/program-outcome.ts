import type { Observation } from '../model/observation.ts';
import { TIMEOUT, unknownFailure } from './failure.ts';

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** `code` is 128 and the signal's number, as shells count. */
  | { readonly kind: 'signalled'; readonly signal: string; readonly code: number }
  | { readonly kind: 'not-started'; readonly reason: string };

/** Why a program was ended before it ended by itself. */
export type StopReason = 'timeout' | 'stopped';

type Outcome = Pick<Observation, 'failure' | 'operation' | 'exitCode' | 'detail'>;

/** What sh(1) exits with when there is no such program. */
const NOT_FOUND = 127;

/** What a program's end amounts to as an observation; `lastLine` is the last line that it wrote, empty for none. */
export function programOutcome(
  end: ProgramEnd,
  stopped: StopReason | null,
  lastLine: string,
): Outcome {
  const exitCode = end.kind === 'not-started' ? {} : { exitCode: end.code };
  const failure = failureOfEnd(end, stopped);
  if (failure === null) return { failure, operation: null, ...exitCode };
  const detail = end.kind === 'not-started' ? end.reason : lastLine;
  return { failure, operation: 'run', ...exitCode, ...(detail === '' ? {} : { detail }) };
}

function failureOfEnd(end: ProgramEnd, stopped: StopReason | null): string | null {
  if (stopped === 'timeout') return TIMEOUT;
  if (stopped === 'stopped') return 'interrupted';
  return end.kind === 'exited' && end.code === 0 ? null : unknownFailure(describeEnd(end));
}

/** `exit code 3`, `signal SIGSEGV`, `program not found`. */
export function describeEnd(end: ProgramEnd): string {
  switch (end.kind) {
    case 'not-started':
      return 'program not started';
    case 'signalled':
      return `signal ${end.signal}`;
    case 'exited':
      return end.code === NOT_FOUND ? 'program not found' : `exit code ${end.code}`;
  }
}
