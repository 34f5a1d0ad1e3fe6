import type { IpAddress } from '../../../../base/addresses.ts';
import type { HopAnswer } from '../../../../model/observation.ts';
import type { TracerouteProbe } from '../../../../model/probe.ts';
import type { Quoted } from '../../../../traffic/icmp-error.ts';
import type { Measurement } from '../../measurement.ts';
import type { Gathering } from './gathering.ts';
import type { IcmpListener } from './icmp-listener.ts';

/** What each packet of a traceroute is sent with. */
export interface TraceContext {
  readonly probe: TracerouteProbe;
  readonly target: IpAddress;
  readonly measurement: Measurement;
  readonly listener: IcmpListener;
}

/** Sends one packet with this TTL and gives all that answered it. */
export type TraceStep = (context: TraceContext, ttl: number) => Promise<readonly HopAnswer[]>;

/** Hears the ICMP errors that quote the packet `isOurs` knows. */
export function hearErrors(
  { listener }: TraceContext,
  gathering: Gathering,
  isOurs: (quoted: Quoted) => boolean,
): void {
  listener.listen((answer, address, time) => {
    if (answer.kind === 'echo-reply' || !isOurs(answer.quoted)) return;
    const detail = answer.detail === '' ? {} : { detail: answer.detail };
    gathering.add({ kind: answer.kind, address, ...detail }, time);
  });
}
