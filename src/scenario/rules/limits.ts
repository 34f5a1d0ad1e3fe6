import type { Context } from '../context.ts';

/** Routes are worked out for every pair of a host and a network. */
const MOST = { hosts: 5000, networks: 2000, traffic: 10_000 } as const;

/** Whether the lab is of a size that can be resolved in a moment; it is checked before anything is. */
export function withinLimits(context: Context): boolean {
  const { hosts, networks = {}, traffic = [] } = context.scenario;
  const counts = {
    hosts: Object.keys(hosts).length,
    networks: Object.keys(networks).length,
    traffic: traffic.length,
  };
  let fits = true;
  for (const section of ['hosts', 'networks', 'traffic'] as const) {
    if (counts[section] <= MOST[section]) continue;
    fits = false;
    context.report(
      'S064',
      [section],
      `Too many ${section === 'traffic' ? 'entries of traffic' : section}: expected at most ${MOST[section]}, found ${counts[section]}`,
      { key: true },
    );
  }
  return fits;
}
