import { leakCounterName } from '../build/tunnel-rules.ts';
import { runTool } from '../build/tool.ts';

/** Packets of a tunnel that left by none of its carriers, counted in the namespace of its client. */
export async function readLeaks(tunnel: string, namespace: number): Promise<number> {
  const argv = ['list', 'counter', 'inet', 'runner', leakCounterName(tunnel)] as const;
  const { ok, output } = await runTool(['nft', ...argv], namespace, '');
  return ok ? parseLeaks(output) : 0;
}

/** What nft(8) prints of a counter: `packets 12 bytes 3456` in it. */
export const parseLeaks = (text: string): number => Number(/packets (\d+)/.exec(text)?.[1] ?? 0);
