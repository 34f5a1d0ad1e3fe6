import { Fault } from '../base/fault.ts';
import type { Paint } from '../report/text.ts';

/** A fault as people read it; a bug of ours with its stack, so that it can be reported. */
export function renderFault(error: unknown, paint: Paint): string {
  const word = paint.bad('error');
  if (!(error instanceof Fault)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${word}: ${text}\n  = help: This is a bug in runner: please report it with the lines above`;
  }
  const bug =
    error.kind === 'run' && error.cause instanceof Error && !(error.cause instanceof Fault)
      ? `\n${error.cause.stack ?? ''}`
      : '';
  return `${word}: ${error.message}${error.help === undefined ? '' : `\n  = help: ${error.help}`}${bug}`;
}
