// A program in a container, for whoever sits in front of runner.
import { CONTAINER_FOLDER } from '../model/container.ts';
import type { ExecOrder, Execution } from '../engine/engine.ts';
import { randomUUID } from 'node:crypto';

export type { Execution } from '../engine/engine.ts';

export interface ContainerExecution extends Execution {
  /**
   * Ends the program and all that it started: SIGTERM, and SIGKILL a second later. Settles when that is done, or cannot be. One
   * with a terminal is left to its terminal, whose end is a hang-up (SIGHUP).
   */
  end(): Promise<void>;
}

/** The program that the lab lends its containers: kernel/launch/launch.c. */
const LAUNCH = `${CONTAINER_FOLDER}/launch`;
/** Milliseconds that the ending of a program may take: 1000 until SIGKILL, the rest is the engine's. */
const END_LIMIT = 8000;

/**
 * Starts a program in a container of the engine at `address`; the engine's library is loaded only by those who need it.
 */
export async function executeInContainer(
  address: string,
  id: string,
  order: ExecOrder,
): Promise<ContainerExecution> {
  const { openEngine } = await import('../engine/open-engine.ts');
  const engine = await openEngine(process.env, address);
  if (order.tty) return { ...(await engine.execute(id, order)), end: () => Promise.resolve() };
  // Engines end nothing that they have started: the launcher does, and is known by its token.
  const token = randomUUID();
  const argv = [LAUNCH, 'exec', token, '--', ...order.argv];
  const execution = await engine.execute(id, { ...order, argv });
  const end = async (): Promise<void> => {
    const ender = await engine.execute(id, { ...order, argv: [LAUNCH, 'end', token] });
    ender.stdout.resume();
    ender.stderr.resume();
    await ender.ended;
  };
  return {
    ...execution,
    end: async () => {
      const timer = AbortSignal.timeout(END_LIMIT);
      const late = new Promise<void>((resolve) => timer.addEventListener('abort', () => resolve()));
      // Where the container is gone, so is the program.
      await Promise.race([end().catch(() => undefined), late]);
    },
  };
}
