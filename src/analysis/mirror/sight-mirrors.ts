// One session of each mirror as its servers' captures have it: what the pictures of a network analyser would show.
import { type Clocks, clockAt } from '../../model/clocks.ts';
import { ANSWERS_PORT, type PlanMirror } from '../../model/mirror.ts';
import type { MirrorPlace, MirrorSighting } from '../../model/mirror-packets.ts';
import type { MirrorNews } from '../../model/mirror-record.ts';
import type { Plan } from '../../model/plan.ts';
import type { ArmEvidence, CaptureFile } from '../evidence.ts';
import { type Wanted, endText, sightPackets } from './sight-packets.ts';

type Opened = Extract<MirrorNews, { kind: 'opened' }>;

/** Packets of a place. */
const MOST = 40;

/** Of the first session of each mirror whose beginning was seen; mirrors without sessions are left out. */
export function sightMirrors({
  plan,
  captures,
  events,
  clocks = {},
}: Pick<ArmEvidence, 'plan' | 'captures' | 'events' | 'clocks'>): MirrorSighting[] {
  return (plan.mirrors ?? []).flatMap((mirror, index) => {
    const opened = events.flatMap((event) =>
      event.kind === 'mirror' && event.mirror === mirror.name && event.news.kind === 'opened'
        ? [event.news]
        : [],
    );
    const shown = opened.find(({ isWhole }) => isWhole) ?? opened[0];
    if (shown === undefined) return [];
    const wanted = wantedOf(plan, mirror, ANSWERS_PORT + index, shown);
    const places = placesOf(mirror).map(([node, role]) =>
      sightPlace(plan, captures, clocks, wanted, node, role),
    );
    return [{ mirror: mirror.name, client: shown.client, as: shown.as, places }];
  });
}

function wantedOf(
  { nodes }: Pick<Plan, 'nodes'>,
  { online }: PlanMirror,
  answersPort: number,
  { client, as }: Opened,
): Wanted {
  return {
    ends: [...new Set([client, as])],
    online: online.addresses.map((address) => endText(address, online.port)),
    answersPort,
    senders: new Map(
      nodes.flatMap(({ name, interfaces }) => interfaces.map(({ mac }) => [mac, name] as const)),
    ),
  };
}

function sightPlace(
  plan: Plan,
  captures: readonly CaptureFile[],
  clocks: Clocks,
  wanted: Wanted,
  node: string,
  role: string,
): MirrorPlace {
  const own = captures.filter((capture) => capture.node === node);
  const packets = sightPackets(own, clockAt(clocks, plan, node), wanted, MOST + 1);
  return {
    ...{ role, node, isCaptured: own.length > 0 },
    packets: packets.slice(0, MOST),
    isCut: packets.length > MOST,
  };
}

/** Nodes with what they are, each once. */
function placesOf({ online, target, assistant }: PlanMirror): [string, string][] {
  const roles = new Map<string, string[]>();
  for (const [node, role] of [
    [online.node, 'online server'],
    [target.node, 'target server'],
    [assistant, 'assistant server'],
  ] as const)
    roles.set(node, [...(roles.get(node) ?? []), role]);
  return Array.from(roles, ([node, names]) => [node, names.join(' and ')]);
}
