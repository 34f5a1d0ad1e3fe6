import { fileURLToPath } from 'node:url';
import type { TwoNodes } from './two-nodes.ts';

/** Starts hostile-peer.ts on the server; resolves when each of its ports is open. */
export function startHostilePeer(lab: TwoNodes): Promise<void> {
  const peer = fileURLToPath(new URL('./hostile-peer.ts', import.meta.url));
  const typescript = ['--import', 'ts-blank-space/register'];
  return lab.startInNode('server', process.execPath, ...typescript, peer, 'run');
}
