import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../base/fault.ts';
import { containerName } from '../model/container.ts';

/** How long an engine that is gone or restarts is waited for, in milliseconds. */
const ENGINE_MS = 15_000;
const LOOK_MS = 250;
/** How long after a lab was killed midway its engine may still come up with containers that it had been asked for. */
const QUIET_MS = 2000;

/**
 * Removes the containers and volumes of a lab whose processes are gone; settles when there are none. `wasBuilding` when
 * the engine may still work on what the lab had asked it for; `address` names the lab's own engine. Throws a fault that says
 * which may be left.
 */
export async function removeContainers(
  labId: string,
  nodes: readonly string[],
  wasBuilding: boolean,
  address = '',
): Promise<void> {
  const { openEngine, removeLab } = await import('../engine/open-engine.ts');
  for (const end = Date.now() + ENGINE_MS; ;) {
    try {
      const engine = await openEngine(process.env, address);
      await removeLab(engine, labId, { quietMs: wasBuilding ? QUIET_MS : 0 });
      return;
    } catch (error) {
      if (Date.now() > end) throw stay(labId, nodes, error);
    }
    await sleep(LOOK_MS);
  }
}

function stay(labId: string, nodes: readonly string[], cause: unknown): Fault {
  const names = nodes.map((node) => containerName(labId, node)).join(', ') || 'if it had any';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Fault('run', `Containers of lab ${labId} stay (${names}): ${why}`, {
    help: `When the engine runs again, finish with "runner destroy ${labId}"`,
    cause,
  });
}
