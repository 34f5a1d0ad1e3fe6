import { Fault } from '../../base/fault.ts';
import { leakCounterName } from '../build/tunnel-rules.ts';
import { runTool } from '../build/tool.ts';

/** Packets of a tunnel that left by none of its carriers, counted in the namespace of its client. */
export async function readLeaks(tunnel: string, namespace: number): Promise<number> {
  const argv = ['list', 'counter', 'inet', 'runner', leakCounterName(tunnel)] as const;
  const { ok, output, detail } = await runTool(['nft', ...argv], namespace, '');
  const count = ok ? parseLeaks(output) : undefined;
  // That none was read does not say that none leaked.
  if (count === undefined)
    throw new Fault('run', `Cannot read what leaked of tunnel "${tunnel}": ${ok ? output : detail}`);
  return count;
}

/** What nft(8) prints of a counter: `packets 12 bytes 3456` in it. Undefined of anything else. */
export function parseLeaks(text: string): number | undefined {
  const [, packets] = /packets (\d+)/.exec(text) ?? [];
  return packets === undefined ? undefined : Number(packets);
}
