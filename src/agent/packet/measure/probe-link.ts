// Probes one direction of a link whose both ends are on this machine.
import type { Impairment, PlanMember } from '../../../model/plan.ts';
import type { ProbeRecord } from './assess-link.ts';
import type { ProbePlan } from './probe-plan.ts';
import { ProbeReceiver } from './probe-receiver.ts';
import type { ProbeRings } from './probe-rings.ts';
import { ProbeSender } from './probe-sender.ts';

export async function probeLink(
  rings: ProbeRings,
  { from, to }: { readonly from: PlanMember; readonly to: PlanMember },
  attempt: number,
  impairment: Impairment,
  plan: ProbePlan,
): Promise<ProbeRecord> {
  const sender = new ProbeSender(rings, from, to.mac, attempt);
  const receiver = new ProbeReceiver(rings, to, from.mac, attempt);
  await sender.sendAll(plan, () => receiver.read());
  await receiver.wait(impairment, plan);
  return receiver.record(plan, sender.lost);
}
