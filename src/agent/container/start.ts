// Lets the containers of a lab go: each when those it depends on have come to what it wants of them.
import { Fault } from '../../base/fault.ts';
import type { AgentEvent } from '../../model/rpc.ts';
import type { Engine } from '../../engine/engine.ts';
import { nowMicros } from '../endpoint/clock.ts';
import { forEachBounded } from '../../base/for-each-bounded.ts';
import { within } from './bounded.ts';
import type { Copies } from './copies.ts';
import { type Gate, openGate } from './gate.ts';
import { untilHealthy } from './health.ts';
import { type Exit, type LiveContainer, describeExit } from './live-container.ts';
import { hasProcessEnded } from './machine-process.ts';
import { type Milestone, awaitedOf, mayGo } from './order.ts';
import type { Secrets } from './secrets.ts';

export interface StartOptions {
  readonly engine: Engine;
  readonly directory: string;
  readonly secrets: Secrets;
  readonly copies: Copies;
  readonly emit: (event: AgentEvent) => void;
  /** Whether the scenario wants it to end as it likes: then a failure at its start is an observation, and no fault. */
  readonly mayFail: (node: string) => boolean;
}

/**
 * Milliseconds that a program without a health check must live to count as started: one that dislikes its configuration
 * says so and ends at once.
 */
const STEADY_MS = 100;
/** Questions to the engine at once. */
const AT_ONCE = 32;
/** Milliseconds that the engine may need to tell how a process ended that the kernel has ended already. */
const EXIT_LIMIT = 5000;

/** Resolves when all are ready. Rejects with the fault of the first that is not, and lets no further one go. */
export async function startContainers(
  containers: readonly LiveContainer[],
  options: StartOptions,
): Promise<void> {
  const cancel = new AbortController();
  try {
    await goInOrder(containers, (container, awaited, reach) =>
      bringUp(container, awaited, reach, { ...options, signal: cancel.signal }),
    );
    await Promise.all(containers.map((container) => live(container)));
    await forEachBounded(containers, AT_ONCE, (container) => checkLives(container, options));
  } finally {
    cancel.abort();
  }
}

type BringUp = (
  container: LiveContainer,
  awaited: ReadonlySet<Milestone>,
  reach: (milestone: Milestone) => void,
) => Promise<void>;

function goInOrder(containers: readonly LiveContainer[], bring: BringUp): Promise<void> {
  const all = containers.map((container) => ({
    node: container.node,
    dependsOn: container.spec.dependsOn,
    container,
  }));
  const waiting = new Set(all);
  const reached = new Map<string, Set<Milestone>>();
  const hasReached = (node: string, milestone: Milestone): boolean =>
    reached.get(node)?.has(milestone) ?? false;
  return new Promise((resolve, reject) => {
    let going = 0;
    let isOver = false;
    const fail = (error: unknown): void => {
      isOver = true;
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const advance = (): void => {
      if (isOver) return;
      for (const one of mayGo([...waiting], hasReached)) {
        waiting.delete(one);
        going += 1;
        const { node, container } = one;
        const reach = (milestone: Milestone): void => {
          reached.set(node, (reached.get(node) ?? new Set()).add(milestone));
          advance();
        };
        bring(container, awaitedOf(node, all), reach).then(() => {
          going -= 1;
          advance();
        }, fail);
      }
      if (going > 0) return;
      if (waiting.size === 0) resolve();
      else fail(deadlock([...waiting].map(({ node }) => node)));
    };
    advance();
  });
}

const deadlock = (nodes: readonly string[]): Fault =>
  new Fault('usage', `Containers wait for what never comes: ${nodes.join(', ')}`, {
    help: 'See what "dependsOn" asks of those they depend on, and whether they depend on each other',
  });

interface BringOptions extends StartOptions {
  readonly signal: AbortSignal;
}

async function bringUp(
  container: LiveContainer,
  awaited: ReadonlySet<Milestone>,
  reach: (milestone: Milestone) => void,
  options: BringOptions,
): Promise<void> {
  const { node, spec, id } = container;
  if (spec.idle) {
    // Nobody waits for a program that is not run.
    for (const milestone of ['started', 'healthy', 'completed'] as const) reach(milestone);
    return;
  }
  const progress = { awaits: 'its program runs', last: '' };
  const own = new AbortController();
  const signal = AbortSignal.any([options.signal, own.signal]);
  let gate: Gate | undefined;
  const tell = (what: 'started' | 'ready'): void =>
    options.emit({ kind: 'container', time: nowMicros(), node, what });
  const passGate = async (): Promise<void> => {
    if (container.exit) throw await diedFault(container, container.exit, 'before it was let go');
    container.openedAt = performance.now();
    gate = openGate(options.directory, node);
    const passing = await Promise.race([gate.passing, container.exited]);
    // Where the program could not be executed, the launcher has said why, and ends.
    if (passing === 'passed') {
      container.passedAt = performance.now();
      return;
    }
    const exit = await container.exited;
    throw await diedFault(container, exit, 'before its program ran');
  };
  const becomeHealthy = async (): Promise<void> => {
    const { healthcheck } = container;
    if (!healthcheck) {
      if (awaited.has('healthy')) throw noCheckFault(container);
      return;
    }
    progress.awaits = 'it is healthy';
    const onFailure = (how: string): void => {
      progress.last = `; its health check gave ${how}`;
    };
    const healthy = untilHealthy({ node, id }, healthcheck, { ...options, signal, onFailure });
    const exit = await Promise.race([healthy, container.exited]);
    if (!exit) reach('healthy');
    else if (exit.code !== 0 || awaited.has('healthy'))
      throw await diedFault(container, exit, 'before it was healthy');
  };
  const complete = async (): Promise<void> => {
    if (!awaited.has('completed')) return;
    progress.awaits = 'it has completed';
    const exit = await container.exited;
    if (exit.code !== 0) throw await diedFault(container, exit, 'and should have completed');
    reach('completed');
  };
  const all = async (): Promise<void> => {
    await passGate();
    tell('started');
    reach('started');
    await becomeHealthy();
    container.readyAt = performance.now();
    tell('ready');
    await options.copies.at(container, { when: 'ready' });
    await complete();
  };
  try {
    await within(all(), spec.startTimeout, () => {
      throw new Fault(
        'run',
        `Container "${node}" took longer than ${spec.startTimeout} ms until ${progress.awaits}${progress.last}`,
        { help: `Look at logs/${node}.log, or raise its "startTimeout"` },
      );
    });
  } finally {
    own.abort();
    gate?.close();
  }
}

/** Waits until a container without a health check has had the time to fail. */
async function live({ exited, passedAt, healthcheck }: LiveContainer): Promise<void> {
  const left = (passedAt ?? 0) + STEADY_MS - performance.now();
  if (!healthcheck && left > 0) await within<unknown>(exited, left, () => undefined);
}

/** The engine tells of an end some time after it: it is asked, and so is the kernel, which knows first. */
async function checkLives(
  container: LiveContainer,
  { engine, mayFail }: StartOptions,
): Promise<void> {
  if (!container.exit) {
    const state = await engine.inspectContainer(container.id);
    container.noteState(state);
    if (state.pid !== null && hasProcessEnded(state.pid)) {
      await within<unknown>(container.exited, EXIT_LIMIT, () => undefined);
      container.noteState(await engine.inspectContainer(container.id));
    }
  }
  const { exit } = container;
  if (exit && exit.code !== 0 && !mayFail(container.node))
    throw await diedFault(container, exit, 'while the lab started');
}

async function diedFault(container: LiveContainer, exit: Exit, when: string): Promise<Fault> {
  const { node, spec, output } = container;
  const said = (await output?.quote()) ?? '';
  return new Fault(
    'run',
    `Container "${node}" (image "${spec.image.name}") ended ${when}: ${describeExit(exit)}${said}`,
    { help: helpFor(exit, node) },
  );
}

/** As sh(1) and kernel/launch/launch.c count. */
function helpFor({ code, oomKilled }: Exit, node: string): string {
  if (oomKilled) return 'Raise its "memory"';
  if (code === 126) return 'See whether its program is executable, and made for this processor';
  if (code === 127) return 'Name a program that the image has, in "command" or "entrypoint"';
  return `Look at logs/${node}.log`;
}

const noCheckFault = ({ node, spec }: LiveContainer): Fault =>
  new Fault(
    'usage',
    `Container "${node}" is to be healthy for others to start, and neither the scenario nor image "${spec.image.name}" has a health check for it`,
    { help: 'Give it a "healthcheck", or depend on it with "condition: started"' },
  );
