// An agent on this machine.
import type { AgentProcess } from '../agent-process.ts';
import { endOfHolder } from './end-of-holder.ts';
import { type Holder, type HolderOptions, startHolder } from './local.ts';

export interface LocalAgent extends AgentProcess {
  readonly holder: Holder;
}

export function startLocalAgent(options: HolderOptions): LocalAgent {
  const holder = startHolder(options);
  return {
    holder,
    input: holder.stdin,
    output: holder.stdout,
    log: holder.stderr,
    ended: endOfHolder(holder),
    kill: () => void holder.kill('SIGKILL'),
    release: () => {
      for (const stream of holder.stdio) stream?.destroy();
      holder.unref();
      return Promise.resolve();
    },
  };
}
