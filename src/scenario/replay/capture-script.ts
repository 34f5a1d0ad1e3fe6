// A capture file (pcap or pcapng) as what its endpoints did.
import { type Result, fail } from '../../base/result.ts';
import type { ReplayLevel, ReplayScript } from './replay-script.ts';

export interface CaptureOptions {
  readonly level: ReplayLevel;
  /** Which conversations: `tcp:443`, `10.0.0.1:5000-10.0.0.2:443`, `#3`; none: all. */
  readonly flows: readonly string[];
  /** Whether bytes that the capture did not keep become random ones; otherwise they are a fault. */
  readonly fill: boolean;
}

/** `capture` is the whole file. The fault names the packet or the byte that it is about. */
export function captureScript(
  capture: Uint8Array,
  options: CaptureOptions,
): Result<ReplayScript, string> {
  return fail(`A capture of ${capture.length} bytes cannot be read at level ${options.level}`);
}
