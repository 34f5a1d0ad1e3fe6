// Networks with members on several machines: where each machine meets the others.
import type { PlanTrunk } from '../../model/plan.ts';
import { uniqueName } from './interface-names.ts';
import type { Network } from './topology.ts';

/** By network; those within one machine are left out. `taken` is filled with the names of the devices. */
export function trunksOf(
  networks: Iterable<Network>,
  taken: Set<string>,
): ReadonlyMap<string, readonly PlanTrunk[]> {
  const trunks = new Map<string, readonly PlanTrunk[]>();
  for (const { name, machines } of networks) {
    if (machines.length < 2) continue;
    const vni = trunks.size;
    // The same on each machine, as the network's bridge is.
    const device = uniqueName(`x${vni + 1}`, taken);
    trunks.set(
      name,
      machines.map((machine) => ({
        machine,
        interface: device,
        vni,
        peers: machines.filter((other) => other !== machine),
      })),
    );
  }
  return trunks;
}
