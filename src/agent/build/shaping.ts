// Impairments by the kernel's own queueing disciplines, as tc(8) batch lines. Pure.
//
// What a member sends is impaired where it enters the segment: the port's ingress is redirected to an intermediate device
// (ifb) that queues. So the member's own capture shows a frame when it was sent, before delay and loss, exactly as with
// our own switch.
import { invariant } from '../../base/invariant.ts';
import type { Impairment } from '../../model/plan.ts';

/** What this kernel can do with frames that come in by a port. */
export interface ShapingAbility {
  /** Delay, jitter, loss, duplication, reordering and corruption: netem(8). */
  readonly netem: boolean;
  /** A rate with a queue in bytes: tbf(8). */
  readonly tbf: boolean;
}

export type ShapingMethod = 'netem' | 'tbf' | 'switch';

/** Packets that netem may hold: more than any delay and rate of a lab fill, since the queue in bytes is tbf's. */
const NETEM_LIMIT = 1_000_000;
/** tbf fills its bucket on timer ticks; a bucket of 1 ms keeps even a coarse clock at its rate. */
const BURST_SECONDS = 0.001;

/** How a network with these impairments is made: by the kernel where it can do all of it, else by our own switch. */
export function chooseMethod(
  impairments: readonly Impairment[],
  ability: ShapingAbility,
): ShapingMethod {
  if (impairments.some(needsNetem)) return ability.netem && ability.tbf ? 'netem' : 'switch';
  return ability.tbf ? 'tbf' : 'switch';
}

export interface ShapedPort {
  readonly port: string;
  /** The intermediate device of this port alone. */
  readonly ifb: string;
  /** Of the link, in bytes. */
  readonly mtu: number;
  readonly impairment: Impairment;
}

/** The `tc -batch` lines that impair what comes in by a port. */
export function shapingLines({ port, ifb, mtu, impairment }: ShapedPort): string[] {
  for (const name of [port, ifb])
    invariant(/^[\w.@:-]{1,15}$/.test(name), `A plan names interfaces plainly, found "${name}"`);
  const lines = [
    `qdisc add dev ${port} handle ffff: ingress`,
    `filter add dev ${port} parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev ${ifb}`,
  ];
  if (!needsNetem(impairment)) {
    if (impairment.rate !== null)
      lines.push(
        `qdisc add dev ${ifb} root handle 1: ${tbf(impairment.rate, impairment.queue, mtu)}`,
      );
    return lines;
  }
  lines.push(`qdisc add dev ${ifb} root handle 1: ${netem(impairment)}`);
  if (impairment.rate !== null)
    lines.push(
      `qdisc add dev ${ifb} parent 1:1 handle 2: ${tbf(impairment.rate, impairment.queue, mtu)}`,
    );
  return lines;
}

const needsNetem = (impairment: Impairment): boolean =>
  impairment.delay > 0 ||
  impairment.jitter > 0 ||
  impairment.lossRatio > 0 ||
  impairment.duplicateRatio > 0 ||
  impairment.reorderRatio > 0 ||
  impairment.corruptRatio > 0;

function netem(impairment: Impairment): string {
  const { delay, jitter, lossRatio, duplicateRatio, reorderRatio, corruptRatio } = impairment;
  return [
    `netem limit ${NETEM_LIMIT}`,
    delay > 0 || jitter > 0 ? `delay ${microseconds(delay)}` : '',
    jitter > 0 ? `${microseconds(jitter)} distribution normal` : '',
    lossRatio > 0 ? `loss random ${percent(lossRatio)}` : '',
    duplicateRatio > 0 ? `duplicate ${percent(duplicateRatio)}` : '',
    reorderRatio > 0 ? `reorder ${percent(reorderRatio)}` : '',
    corruptRatio > 0 ? `corrupt ${percent(corruptRatio)}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function tbf(rate: number, queue: number, mtu: number): string {
  // A bucket smaller than one frame lets none through; 14 bytes are the Ethernet header.
  const burst = Math.max(2 * (mtu + 14), Math.ceil((rate / 8) * BURST_SECONDS));
  return `tbf rate ${Math.round(rate)}bit burst ${burst}b limit ${Math.max(burst, Math.round(queue))}b`;
}

const microseconds = (millis: number): string => `${Math.round(millis * 1000)}us`;
const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(6))}%`;
