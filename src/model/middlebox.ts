// The contract between a packet path (which owns sockets, rings and clocks) and what judges packets (which owns none).
// Called for every packet, so it passes memory and numbers, not objects.

import type { CensorActionKind } from './censor-action.ts';

/** What becomes of the packet at hand. `taken`: the judge has copied it and will emit it itself. On-path it has no effect. */
export type Disposition = 'pass' | 'drop' | 'taken';

/** What a judge may do besides. Bytes are whole IP packets, checksums right; the path routes them by destination. */
export interface Effects {
  /**
   * Sends an IP packet at `at` (microseconds since the epoch; now or earlier means at once), after earlier ones of the
   * same time. The path copies `packet` before it returns.
   * `forwarded`: a packet that came and now goes on, late or changed; censors further on judge it. `injected`: one that never came.
   */
  emit(packet: Uint8Array, at: number, origin: 'injected' | 'forwarded'): void;
  /** Notes an event for events.ndjson; time and node are added by the path. */
  report(event: CensorEvent): void;
}

export interface Middlebox {
  /**
   * Judges one IP packet lying in `memory` from `start` to `end` (exclusive; the IP header is first, the link header is not
   * included). The memory is the path's and changes after the call.
   * `now` is when the packet was captured, microseconds since the epoch.
   */
  judge(memory: Uint8Array, start: number, end: number, now: number, effects: Effects): Disposition;
}

/** What a censor did, in events.ndjson. */
export interface CensorEvent {
  readonly censor: string;
  readonly rule: string;
  /** `residual` when a packet fell under residual blocking; `error` when a packet could not be parsed. */
  readonly action: 'match' | 'residual' | 'error' | CensorActionKind;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'other';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** What matched, such as `tls.sni blocked.example`. */
  readonly detail: string;
}
