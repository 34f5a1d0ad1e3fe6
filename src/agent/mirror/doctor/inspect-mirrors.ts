// The facts of the doctor of mirrors, gathered in the lab. What is on another machine is not known here, and null.
import { Fault } from '../../../base/fault.ts';
import { type IpAddress, parseIp, sameIp } from '../../../base/addresses.ts';
import type { MirrorFacts, MirrorInspection } from '../../../model/mirror-doctor.ts';
import type { PlanMirror } from '../../../model/mirror.ts';
import type { PlanNode } from '../../../model/plan.ts';
import type { AgentContext } from '../../context.ts';
import { type TrialOutcome, tryCopy } from './copy-trial.ts';
import { dialTarget } from './dial-target.ts';
import {
  hasBridgeNetfilter,
  hasInvalidRule,
  isForwarding,
  reversePathFilter,
} from './node-settings.ts';
import { addressesOf, chooseClient } from './trial-client.ts';
import { type AnswerWay, findAnswerWay } from './way-of-answers.ts';

type Place = Pick<AgentContext, 'plan' | 'namespaceFd'>;

/** One after the other: each has packets of its own on the way, and looks for those alone. */
export async function inspectMirrors(context: Place): Promise<MirrorInspection[]> {
  const inspections: MirrorInspection[] = [];
  for (const mirror of context.plan.mirrors ?? [])
    for (const address of mirror.target.addresses) {
      const target = parseIp(address);
      if (!target.ok) continue;
      const port = inspections.length + 1;
      const facts = await gather(context, mirror, target.value, address, port);
      inspections.push({ mirror: mirror.name, address, facts });
    }
  return inspections;
}

const UNKNOWN: MirrorFacts = {
  port: null,
  route: null,
  neighbour: null,
  forwards: null,
  reversePath: null,
  nat: null,
  bridgeNetfilter: null,
  dropsInvalid: null,
};

async function gather(
  context: Place,
  mirror: PlanMirror,
  address: IpAddress,
  text: string,
  clientPort: number,
): Promise<MirrorFacts> {
  const { plan, namespaceFd } = context;
  const { family } = address;
  const here = (name: string): PlanNode | undefined =>
    plan.nodes.find((node) => node.name === name);
  const [online, target, assistant] = [mirror.online.node, mirror.target.node, mirror.assistant];
  const { port } = mirror.target;
  const isPacketOfTcp = mirror.protocol === 'tcp' && mirror.mode === 'packet';
  const client = chooseClient(plan.nodes, mirror, family);
  const own = addressesOf(here(online)?.interfaces ?? []).find((each) => each.family === family);
  const isHere = [online, target, assistant].every((name) => here(name) !== undefined);
  const [dialled, outcome] = await Promise.all([
    mirror.protocol === 'tcp' && here(online) ? dialTarget(namespaceFd(online), text, port) : null,
    isPacketOfTcp && isHere && client && own && online !== target
      ? tryCopy({
          online: namespaceFd(online),
          target: namespaceFd(target),
          assistant: assistant === target ? null : namespaceFd(assistant),
          ...{ own, client, clientPort, address, port },
        }).catch(noWay)
      : null,
  ]);
  if (mirror.mode === 'stream') return { ...UNKNOWN, port: dialled };
  const found = here(target);
  // Those of other machines as well.
  const members = plan.networks.flatMap((network) => [...network.members, ...(network.far ?? [])]);
  const source = outcome?.arrived ? parseIp(outcome.arrived.destination) : null;
  const addresses = addressesOf(found?.interfaces ?? []).filter((each) => each.family === family);
  const answering = source?.ok === true ? source.value : addresses[0];
  const way =
    found && client && answering
      ? findAnswerWay({
          target: namespaceFd(target),
          ...{ source: answering, client },
          assistant:
            assistant === target
              ? null
              : addressesOf(
                  here(assistant)?.interfaces ?? members.filter(({ node }) => node === assistant),
                ),
          known: addressesOf([...plan.nodes.flatMap(({ interfaces }) => interfaces), ...members]),
        })
      : null;
  return {
    port: portOf(dialled, outcome),
    route: way?.route ?? null,
    neighbour: way?.neighbour ?? null,
    forwards: here(assistant) ? forwardsOf(mirror, outcome, namespaceFd(assistant), family) : null,
    reversePath: found ? reversePathOf(outcome, way, namespaceFd(target), family) : null,
    nat: natOf(outcome, client, clientPort, address, port),
    bridgeNetfilter: bridgeNetfilterOf(context, mirror, outcome, address),
    dropsInvalid: await dropsInvalidOf(context, outcome),
  };
}

/** A host without a way to the target sends it nothing: its dial has said so. */
function noWay(error: unknown): null {
  if (error instanceof Fault && error.kind === 'run') return null;
  throw error;
}

/** Where answers to the online server's own host go to the assistant as well, a dial hears nothing and the trial does. */
function portOf(dialled: MirrorFacts['port'], outcome: TrialOutcome | null): MirrorFacts['port'] {
  if (dialled !== 'silent' || !outcome || outcome.answer === 'none') return dialled;
  return outcome.answer === 'accepted' ? 'open' : 'closed';
}

function forwardsOf(
  { assistant, target }: PlanMirror,
  outcome: TrialOutcome | null,
  namespaceFd: number,
  family: 4 | 6,
): boolean | null {
  if (assistant === target.node || !isForwarding(namespaceFd, family)) return false;
  // What it forwards in general is not what it does with these.
  return outcome?.atAssistant ? outcome.isForwarded : null;
}

function reversePathOf(
  outcome: TrialOutcome | null,
  way: AnswerWay | null,
  namespaceFd: number,
  family: 4 | 6,
): MirrorFacts['reversePath'] {
  if (!outcome?.arrived || way?.interface === undefined || way.interface === null) return null;
  const { interface: device } = outcome.arrived;
  return {
    filter: reversePathFilter(namespaceFd, family, device),
    isSameInterface: way.interface === device,
  };
}

function natOf(
  outcome: TrialOutcome | null,
  client: IpAddress | undefined,
  clientPort: number,
  address: IpAddress,
  port: number,
): MirrorFacts['nat'] {
  const arrived = outcome?.arrived;
  if (!arrived || !client) return null;
  return {
    destination: !isAt(arrived.destination, address) || arrived.destinationPort !== port,
    source: !isAt(arrived.source, client) || arrived.sourcePort !== clientPort,
  };
}

/** Of the machine that has the address to which copies are sent, where the target has not. No third machine: answers cross no bridge. */
function bridgeNetfilterOf(
  { plan, namespaceFd }: Place,
  { target, assistant }: PlanMirror,
  outcome: TrialOutcome | null,
  address: IpAddress,
): boolean | null {
  const publisher = plan.nodes.find(
    ({ name, interfaces }) =>
      name !== target.node && addressesOf(interfaces).some((each) => sameIp(each, address)),
  );
  if (!publisher || assistant === target.node) return null;
  const isOn = hasBridgeNetfilter(namespaceFd(publisher.name), address.family);
  const answer = outcome?.atAssistant;
  if (!answer) return isOn;
  if (isAt(answer.source, address)) return true;
  return isOn ? null : false;
}

/** Whose rule it is matters less than that there is one: the acknowledgment of a copy is lost where its SYN was not. */
async function dropsInvalidOf(
  { plan, namespaceFd }: Place,
  outcome: TrialOutcome | null,
): Promise<boolean | null> {
  if (outcome?.isAcknowledged === undefined || outcome.isAcknowledged === null) return null;
  if (outcome.isAcknowledged) return false;
  for (const { name } of plan.nodes) if (await hasInvalidRule(namespaceFd(name))) return true;
  return null;
}

function isAt(text: string, address: IpAddress): boolean {
  const parsed = parseIp(text);
  return parsed.ok && sameIp(parsed.value, address);
}
