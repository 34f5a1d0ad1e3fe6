// Builds each machine's share of a plan, all at once.
import type { Plan } from '../../model/plan.ts';
import type { AgentMethods, AuthorityKey, BuildReport } from '../../model/rpc.ts';
import { shareOf } from '../../model/plan-share.ts';
import { type Fleet, askEach } from './fleet.ts';
import { callPart } from './part.ts';
import { foldersOf, shipFiles } from './ship-files.ts';
import { type Underlays, planUnderlays } from './underlay.ts';

/** What the first agent takes to make an authority for all, in milliseconds. */
const AUTHORITY_MS = 30_000;

export async function buildParts(
  fleet: Fleet,
  { plan, directory, folder = fleet.folder }: AgentMethods['build']['params'],
  timeoutMs: number,
): Promise<BuildReport> {
  fleet.built = { plan, directory };
  await shipFiles(fleet, plan, directory);
  const underlays = planUnderlays(fleet, plan);
  fleet.underlays = underlays.addresses;
  const authority = await shareAuthority(fleet, plan);
  const reports = await askEach(fleet, 'build', timeoutMs, (part) => {
    const there = foldersOf(fleet, part, { directory, folder });
    return {
      directory: there.directory,
      folder: there.folder,
      ...(there.working !== undefined && { working: there.working }),
      plan: shareOf(plan, part.machine.name),
      ...orderOf(underlays, part.machine.name),
      ...(authority && { authority }),
    };
  });
  return mergeReports(reports);
}

function orderOf(
  { orders }: Underlays,
  machine: string,
): Pick<AgentMethods['build']['params'], 'underlay'> {
  const underlay = orders.get(machine);
  return underlay === undefined ? {} : { underlay };
}

/** Clients on one machine trust servers on another, and know the ends of their tunnels there: their agents have one authority. */
async function shareAuthority(
  { parts }: Fleet,
  { services, tunnels = [] }: Plan,
): Promise<AuthorityKey | null> {
  const [first, ...others] = parts;
  if (!first || others.length === 0 || services.length + tunnels.length === 0) return null;
  return callPart(first, 'makeAuthority', {}, AUTHORITY_MS);
}

/** A phase takes as long as the slowest machine takes. */
function mergeReports(reports: readonly BuildReport[]): BuildReport {
  const timings: Record<string, number> = {};
  for (const report of reports)
    for (const [phase, millis] of Object.entries(report.timings))
      timings[phase] = Math.max(timings[phase] ?? 0, millis);
  const impairments = Object.assign(
    {},
    ...reports.map((report) => report.impairments),
  ) as BuildReport['impairments'];
  return { timings, impairments };
}
