import type { ExecOrder, Execution } from '../engine/engine.ts';

export type { Execution } from '../engine/engine.ts';

/** Starts a program in a container; the engine's library is loaded only by those who need it. */
export async function executeInContainer(id: string, order: ExecOrder): Promise<Execution> {
  const { openEngine } = await import('../engine/open-engine.ts');
  return (await openEngine()).execute(id, order);
}
