// The end of a lab's containers: what is asked for is copied out, they are stopped and their logs closed. They still exist.
import { Fault } from '../../base/fault.ts';
import type { Engine } from '../../engine/engine.ts';
import { forEachBounded, within } from './bounded.ts';
import type { Copies } from './copies.ts';
import type { LiveContainer } from './live-container.ts';

export interface StopOptions {
  readonly engine: Engine;
  readonly copies: Copies;
  /** For a lab that stays: its containers go on, and so do their logs. */
  readonly leaveRunning: boolean;
}

const AT_ONCE = 16;
/** Milliseconds that an engine may need for one container, beside what the container takes to end in peace. */
const STOP_LIMIT = 30_000;

/** Rejects with a Fault, once all are seen to, when the engine could not tell how one of them ended. */
export async function stopContainers(
  containers: readonly LiveContainer[],
  options: StopOptions,
): Promise<void> {
  const failures: Fault[] = [];
  await forEachBounded(containers, AT_ONCE, async (container) => {
    const { node, spec } = container;
    const limit = spec.stopGrace + STOP_LIMIT;
    try {
      await within(stopContainer(container, options), limit, () => {
        throw new Error(`the engine did not stop it within ${limit} ms`);
      });
    } catch (error) {
      failures.push(unknownEnd(node, error));
    }
    if (!options.leaveRunning) await container.output?.close();
  });
  if (failures[0]) throw failures[0];
}

/** How it ended is evidence: without it, the run is not whole. */
function unknownEnd(node: string, error: unknown): Fault {
  const reason = error instanceof Error ? error.message : String(error);
  return new Fault('run', `How container "${node}" ended cannot be told: ${reason}`, {
    help: 'See whether the container engine was restarted or has ended, and run again: "journalctl -u docker"',
    cause: error,
  });
}

async function stopContainer(
  container: LiveContainer,
  { engine, copies, leaveRunning }: StopOptions,
): Promise<void> {
  const { id, spec } = container;
  container.noteState(await engine.inspectContainer(id));
  await copies.at(container, { when: 'end' });
  // Those that need no peace end as well: only then has the last that they wrote been heard.
  if (!container.exit && !leaveRunning)
    await engine.stopContainer(id, spec.stopSignal, spec.stopGrace);
  await copies.at(container, { when: 'stopped' });
}
