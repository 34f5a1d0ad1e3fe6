// What the kernel has counted of a tunnel's packets in the namespace of its client.
import { Fault } from '../../base/fault.ts';
import type { PlanTunnel } from '../../model/tunnel.ts';
import { leakCounterName, passageCounterName } from '../build/tunnel-rules.ts';
import { runTool } from '../build/tool.ts';

export interface Count {
  readonly packets: number;
  readonly bytes: number;
}

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

/** What nft(8) prints of counters, by name: `counter leaked-wg0 { packets 12 bytes 3456 }`, over several lines. */
export const parseCounters = (text: string): ReadonlyMap<string, Count> =>
  new Map(
    Array.from(
      text.matchAll(/counter (\S+) \{\s*packets (\d+) bytes (\d+)/g),
      ([, name = '', packets, bytes]) => [name, { packets: Number(packets), bytes: Number(bytes) }],
    ),
  );
