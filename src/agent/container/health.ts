// The health check of one container, run by us until it succeeds, and then no more: captures hold the experiment alone.
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import type { HealthcheckSpec } from '../../model/container.ts';
import type { Engine } from '../../engine/engine.ts';
import { within } from './bounded.ts';
import { createLastWords } from './last-words.ts';
import { superviseArgv } from './launch-argv.ts';
import type { Secrets } from './secrets.ts';

export interface HealthOptions {
  readonly engine: Engine;
  readonly secrets: Secrets;
  /** Aborts the tries. */
  readonly signal: AbortSignal;
  /** Hears how each try failed. */
  readonly onFailure: (how: string) => void;
}

/** Milliseconds for a check that is out of time to end, and for the engine to say so. */
const END_LIMIT = 3000;

/** Resolves when a try has succeeded. Rejects with a Fault when it is unhealthy. */
export async function untilHealthy(
  { node, id }: { readonly node: string; readonly id: string },
  check: HealthcheckSpec,
  options: HealthOptions,
): Promise<void> {
  const begun = performance.now();
  let failures = 0;
  while (!options.signal.aborted) {
    const failure = await tryCheck(id, check, options);
    if (failure === null) return;
    options.onFailure(failure);
    if (performance.now() - begun >= check.startPeriod) failures += 1;
    if (failures >= Math.max(1, check.retries))
      throw new Fault(
        'run',
        `Container "${node}" is unhealthy: its health check ${JSON.stringify(check.argv)} failed ${failures} times, the last with ${failure}`,
        { help: `Look at logs/${node}.log, or give it more time with "startPeriod" or "retries"` },
      );
    await delay(check.interval, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** Null when it succeeded, else how it failed. */
async function tryCheck(
  id: string,
  { argv, timeout }: HealthcheckSpec,
  { engine, secrets }: HealthOptions,
): Promise<string | null> {
  const words = createLastWords();
  try {
    const execution = await engine.execute(id, {
      argv: superviseArgv(argv),
      environment: {},
      tty: false,
    });
    for (const stream of [execution.stdout, execution.stderr]) {
      const mask = secrets.mask();
      stream.on('error', () => undefined);
      stream.on('data', (bytes: Buffer) => words.add(mask.push(bytes)));
      stream.on('end', () => words.add(mask.rest()));
    }
    const code = await within<number | null>(execution.ended, timeout, () => null);
    if (code === 0) return null;
    if (code !== null) return `exit code ${code}${words.quote()}`;
    execution.stdin.end();
    await within<unknown>(execution.ended, END_LIMIT, () => undefined);
    return `no end within ${timeout} ms${words.quote()}`;
  } catch (error) {
    return secrets.hide(error instanceof Error ? error.message : String(error));
  }
}
