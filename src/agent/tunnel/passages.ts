// What the kernel has counted of a tunnel's packets in the namespace of its client.
import { Fault } from '../../base/fault.ts';
import type { PlanTunnel } from '../../model/tunnel.ts';
import { type Count, parseCounters } from '../build/counters.ts';
import { leakCounterName, passageCounterName } from '../build/tunnel-rules.ts';
import { runTool } from '../build/tool.ts';

/** By one carrier. */
export interface Passage {
  readonly carrier: string;
  readonly sent: Count;
  readonly received: Count;
}

export interface Passages {
  /** In the order of `over`. */
  readonly ways: readonly Passage[];
  /** Packets that left by none of them. */
  readonly leaked: number;
}

type Counted = Pick<PlanTunnel, 'name' | 'over'>;

/** Of a tunnel that is over others. */
export async function readPassages(tunnel: Counted, namespace: number): Promise<Passages> {
  const argv = ['nft', 'list', 'counters', 'table', 'inet', 'runner'] as const;
  const { ok, output, detail } = await runTool(argv, namespace, '');
  if (!ok) throw new Fault('run', `Cannot count packets of tunnel "${tunnel.name}": ${detail}`);
  return passagesOf(tunnel, parseCounters(output));
}

const NOTHING: Count = { packets: 0, bytes: 0 };

export function passagesOf(
  { name, over }: Counted,
  counters: ReadonlyMap<string, Count>,
): Passages {
  const count = (direction: 'sent' | 'received', carrier: string): Count =>
    counters.get(passageCounterName(direction, name, carrier)) ?? NOTHING;
  return {
    ways: over.map((carrier) => ({
      ...{ carrier, sent: count('sent', carrier), received: count('received', carrier) },
    })),
    leaked: counters.get(leakCounterName(name))?.packets ?? 0,
  };
}
