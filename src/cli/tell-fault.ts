import { EXIT, Fault } from '../base/fault.ts';
import { paintFor, tell } from './terminal.ts';
import { renderFault } from './print-fault.ts';

/** Shows what went wrong on stderr, and gives the exit code. */
export function tellFault(error: unknown): number {
  tell(renderFault(error, paintFor(process.stderr)));
  return error instanceof Fault ? error.exitCode : EXIT.runBroke;
}
