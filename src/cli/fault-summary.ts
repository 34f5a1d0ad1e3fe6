import { Fault } from '../base/fault.ts';

/** What `--json` prints when there is no result. */
export interface FaultSummary {
  /** `invalid`: files or command line are wrong and nothing was done; `broken`: it could not be done. */
  readonly status: 'invalid' | 'broken';
  readonly fault: { readonly message: string; readonly help?: string };
}

export function faultSummary(error: unknown): FaultSummary {
  const message = error instanceof Error ? error.message : String(error);
  const help = error instanceof Fault ? error.help : undefined;
  const status = error instanceof Fault && error.kind === 'usage' ? 'invalid' : 'broken';
  return { status, fault: { message, ...(help !== undefined && { help }) } };
}
