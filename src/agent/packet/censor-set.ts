// The censors of a lab's packet thread, each one whatever number of nodes it is on.
import { Fault } from '../../base/fault.ts';
import type { CensorChange } from '../../model/traffic.ts';
import type { PathStatistics } from '../../model/path-statistics.ts';
import type { PlanCensor } from '../../model/plan.ts';
import type { Censor } from '../../roles/censor/censor.ts';
import { changeCensor } from '../../roles/censor/change-censor.ts';
import type { CensorReport } from './order.ts';

/** What a path has handed to the kernel. */
export interface CarriedCount {
  readonly flows: number;
  readonly packets: number;
}

interface Entry {
  readonly box: Censor;
  readonly on: string[];
  readonly carried: (() => CarriedCount)[];
  /** Packets of both kinds when it was last reported. */
  told: number;
}

export class CensorSet {
  readonly #make: (censor: PlanCensor) => Censor;
  readonly #entries = new Map<string, Entry>();

  /** `make` is asked once for each name. */
  constructor(make: (censor: PlanCensor) => Censor) {
    this.#make = make;
  }

  /** The censor of this plan entry: entries of one name share it and all its state. */
  take(censor: PlanCensor): Censor {
    const known = this.#entries.get(censor.name);
    const box = known?.box ?? this.#make(censor);
    if (known) known.on.push(censor.on);
    else this.#entries.set(censor.name, { box, on: [censor.on], carried: [], told: -1 });
    return box;
  }

  /** From now on what `read` gives counts for these censors. */
  count(censors: readonly PlanCensor[], read: () => CarriedCount): void {
    for (const { name } of censors) this.#entries.get(name)?.carried.push(read);
  }

  /** In force when it returns: between two packets. */
  change(name: string, change: CensorChange): void {
    const box = this.#entries.get(name)?.box;
    if (!box) throw new Fault('run', `The lab has no censor "${name}"`);
    changeCensor(box, change);
  }

  /** What there is to tell of each censor to which something came since the last time. */
  report(path: Omit<PathStatistics, 'carriedFlows' | 'carriedPackets'>): CensorReport[] {
    return [...this.#entries].flatMap(([name, entry]) => {
      const { box, on } = entry;
      const carried = entry.carried.map((read) => read());
      const carriedPackets = carried.reduce((sum, { packets }) => sum + packets, 0);
      const carriedFlows = carried.reduce((sum, { flows }) => sum + flows, 0);
      const { statistics } = box;
      const total = statistics.packets + carriedPackets;
      if (total === entry.told) return [];
      entry.told = total;
      return [{ censor: name, on, statistics, path: { ...path, carriedFlows, carriedPackets } }];
    });
  }
}
