// The end of a lab's containers: what is asked for is copied out, those that want to end in peace are stopped, and their
// logs closed. They still exist, and those that want no peace still run: their removal kills them.
import { Fault } from '../../base/fault.ts';
import type { Engine } from '../../engine/engine.ts';
import { forEachBounded } from '../../base/for-each-bounded.ts';
import { within } from './bounded.ts';
import { type Copies, wantsCopy } from './copies.ts';
import type { LiveContainer } from './live-container.ts';

export interface StopOptions {
  readonly engine: Engine;
  readonly copies: Copies;
  /** The folder of logs of what goes on, for a lab that stays; else null. */
  readonly laterLogs: string | null;
}

const AT_ONCE = 16;
/** Milliseconds that an engine may need to stop one container, beside what the container takes to end in peace. */
const STOP_LIMIT = 30_000;

/** Rejects with a Fault, once all are seen to, when the engine could not tell how one of them ended. */
export async function stopContainers(
  containers: readonly LiveContainer[],
  options: StopOptions,
): Promise<void> {
  const failures: Fault[] = [];
  await forEachBounded(containers, AT_ONCE, async (container) => {
    let hasEnded = false;
    try {
      hasEnded = await endContainer(container, options);
    } catch (error) {
      failures.push(unknownEnd(container.node, error));
    }
    if (hasEnded) await container.output?.close();
    else await container.output?.cut(options.laterLogs);
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

/** Gives whether it has ended. */
async function endContainer(
  container: LiveContainer,
  { engine, copies, laterLogs }: StopOptions,
): Promise<boolean> {
  const { id, spec } = container;
  container.noteState(await engine.inspectContainer(id));
  await copies.at(container, { when: 'end' });
  const wantsEnd = spec.stopGrace > 0 || wantsCopy(spec, { when: 'stopped' });
  const isStopped = !container.exit && laterLogs === null && wantsEnd;
  if (isStopped) {
    const limit = spec.stopGrace + STOP_LIMIT;
    await within(engine.stopContainer(id, spec.stopSignal, spec.stopGrace), limit, () => {
      throw new Error(`the engine did not stop it within ${limit} ms`);
    });
  }
  const hasEnded = isStopped || container.exit !== undefined;
  if (hasEnded) await copies.at(container, { when: 'stopped' });
  else copies.leaveOut(container, { when: 'stopped' }, 'the container was left running');
  return hasEnded;
}
