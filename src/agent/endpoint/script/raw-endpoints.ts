import type { PartyReport } from '../../../model/script.ts';

/** What plays the parties of raw transports, past the kernel's stack. */
export interface RawEndpoints {
  /** Resolves when the parties of this machine hear their channels. */
  open(flow: string, attempt: number): Promise<void>;
  /** From `at` on, microseconds since the epoch; null: at once. */
  run(flow: string, attempt: number, at: number | null): Promise<readonly PartyReport[]>;
  stop(): Promise<void>;
}
