import type { Context } from '../context.ts';
import { writtenMembers } from '../resolve/members.ts';

const MOST = { hosts: 5000, containers: 1000, networks: 2000, traffic: 10_000 } as const;

/** Every host on several networks has a route to every network. */
const MOST_ROUTES = 500_000;

/** Whether the lab is of a size that can be resolved in a moment; it is checked before anything is. */
export function withinLimits(context: Context): boolean {
  const { hosts = {}, containers = {}, networks = {}, traffic = [] } = context.scenario;
  const counts = {
    hosts: Object.keys(hosts).length,
    containers: Object.keys(containers).length,
    networks: Object.keys(networks).length,
    traffic: traffic.length,
  };
  let fits = true;
  for (const section of ['hosts', 'containers', 'networks', 'traffic'] as const) {
    if (counts[section] <= MOST[section]) continue;
    fits = false;
    context.report(
      'S064',
      [section],
      `Too many ${section === 'traffic' ? 'entries of traffic' : section}: expected at most ${MOST[section]}, found ${counts[section]}`,
      { key: true },
    );
  }
  return fits && isRoutable(context);
}

function isRoutable(context: Context): boolean {
  const { networks = {} } = context.scenario;
  const places = new Map<string, number>();
  for (const [name, network] of Object.entries(networks))
    for (const { node } of writtenMembers(['networks', name], network))
      places.set(node, (places.get(node) ?? 0) + 1);
  const routers = [...places.values()].filter((count) => count > 1).length;
  const routes = routers * Object.keys(networks).length;
  if (routes <= MOST_ROUTES) return true;
  context.report(
    'S064',
    ['networks'],
    `Too many routes: ${routers} hosts on several networks and ${Object.keys(networks).length} networks make ${routes}, expected at most ${MOST_ROUTES}`,
    { key: true },
  );
  return false;
}
