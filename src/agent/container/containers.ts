// The containers of a lab, from its preparation to its end: the agent's door to the engine. Loaded only by labs that have some.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import type { ContainerRecord, EngineFacts, ImageRecord } from '../../model/container.ts';
import type { LabOrigin } from '../../model/lab-mark.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Plan } from '../../model/plan.ts';
import type { AgentEvent } from '../../model/rpc.ts';
import type { Engine, EngineEvent, EngineWatch } from '../../engine/engine.ts';
import { openEngine } from '../../engine/open-engine.ts';
import type { ContainerStep } from '../build/phases.ts';
import { nowMicros } from '../endpoint/clock.ts';
import type { Program } from '../endpoint/program.ts';
import { toAgentFault } from '../rpc.ts';
import { forEachBounded } from '../../base/for-each-bounded.ts';
import { containerNodes } from '../../model/plan-containers.ts';
import { type ContainerProgramOptions, startContainerProgram } from './container-program.ts';
import { createCopies } from './copies.ts';
import { countCreations } from './creations.ts';
import { createContainers } from './create.ts';
import { lentFolder, makeLentFolder } from './gate.ts';
import { prepareImages } from './images.ts';
import type { LiveContainer } from './live-container.ts';
import { checkMayEnter } from './machine-process.ts';
import type { Secrets } from './secrets.ts';
import { startContainers } from './start.ts';
import { stopContainers } from './stop.ts';

type ContainerExpectation = Extract<Expectation, { kind: 'container' }>;

export interface ContainerOptions {
  readonly plan: Plan;
  readonly labId: string;
  readonly origin: LabOrigin;
  /** Of the scenario's main file, absolute. */
  readonly folder: string;
  /** The run's, absolute. */
  readonly directory: string;
  /** Without it, images that are built must be there. */
  readonly build: boolean;
  readonly secrets: Secrets;
  readonly emit: (event: AgentEvent) => void;
  /** Hears of every container as soon as it exists: node → the engine's id. */
  readonly onCreated: (ids: Readonly<Record<string, string>>) => void;
}

export interface Containers {
  readonly engine: EngineFacts;
  readonly images: readonly ImageRecord[];
  /** Creates and starts them: they wait. Gives the network namespaces that are the lab's to fill, by node. */
  create(steps: readonly ContainerStep[]): Promise<ReadonlyMap<string, number>>;
  /** Lets them go; resolves when all are ready. */
  start(): Promise<ContainerRecord[]>;
  copyAfter(flow: string): Promise<void>;
  /** Copies out, stops, closes the logs; the second call gives what the first gave. How they stood before it. */
  stop(leaveRunning: boolean): Promise<ContainerRecord[]>;
  /** Lets no more be created; settles when none is being created. For an agent that is to end. */
  endCreations(): Promise<void>;
  has(node: string): boolean;
  run(node: string, options: ContainerProgramOptions): Program;
}

/** Finds the engine and gets the images. Throws a Fault when this machine cannot have such a lab. */
export async function prepareContainers(options: ContainerOptions): Promise<Containers> {
  const { plan, directory, labId, secrets, emit } = options;
  const nodes = containerNodes(plan);
  const onNetworks = nodes.find(({ stack }) => stack === 'namespace');
  if (onNetworks) checkMayEnter(onNetworks.name);
  const creations = countCreations(await openEngine());
  const { engine } = creations;
  const logs = join(directory, 'logs');
  await mkdir(logs, { recursive: true });
  const { records, images } = await prepareImages(nodes, { ...options, engine, logs });
  const copies = createCopies({ ...options, engine });
  const lives = new Map<string, LiveContainer>();
  let listening: EngineWatch | undefined;
  let stopping: Promise<ContainerRecord[]> | undefined;

  // In the order of the plan, whichever existed first.
  const all = (): LiveContainer[] => nodes.flatMap(({ name }) => lives.get(name) ?? []);
  const live = (node: string): LiveContainer => {
    const container = lives.get(node);
    invariant(container, `Container "${node}" is used when it is there`);
    return container;
  };
  const note = (event: EngineEvent): void => {
    const container = all().find(({ id }) => id === event.container);
    // That it started says no more than that it waits; when its program runs is told elsewhere.
    if (!container || event.what === 'started') return;
    if (event.what === 'exited') container.noteExit(event.exitCode);
    else container.noteOutOfMemory();
    emit({
      kind: 'container',
      time: Math.round(event.time * 1000),
      node: container.node,
      what: event.what,
      ...(event.what === 'exited' && { exitCode: event.exitCode }),
    });
  };
  const listen = async (): Promise<void> => {
    listening = await engine.watch(labId, note);
    void listening.lost.then((reason) => {
      const fault = toAgentFault(lostFault(engine, reason));
      if (!stopping) emit({ kind: 'broken', time: nowMicros(), fault });
    });
  };
  const mayFail = (node: string): boolean =>
    plan.expectations.some(
      (one) => one.kind === 'container' && one.container === node && endsOf(one),
    );
  const recordAll = (): ContainerRecord[] => all().map((container) => container.record());
  return {
    engine: engine.facts,
    images: records,
    create: async (steps) => {
      if (!listening) {
        await makeLentFolder(
          directory,
          nodes.map(({ name }) => name),
        );
        await listen();
      }
      const wished = steps.map((step) => {
        const node = nodes.find(({ name }) => name === step.do.node);
        const image = node && images.get(node.container.image.name);
        invariant(node && image, `Step "${step.id}" names a container whose image is there`);
        return { step, node, image };
      });
      return createContainers(wished, {
        ...options,
        scenario: plan.scenario,
        engine,
        copies,
        onCreated: (container) => {
          lives.set(container.node, container);
          options.onCreated(Object.fromEntries(all().map(({ node, id }) => [node, id])));
        },
      });
    },
    start: async () => {
      await lendAuthority(directory);
      await startContainers(all(), { engine, directory, secrets, copies, emit, mayFail });
      return recordAll();
    },
    copyAfter: async (flow) => {
      await forEachBounded(all(), all().length, (container) =>
        copies.at(container, { when: 'after', flow }),
      );
    },
    stop: (leaveRunning) =>
      (stopping ??= (async () => {
        // That they end from here on is no news.
        listening?.close();
        const laterLogs = leaveRunning ? join(directory, 'lab', 'logs') : null;
        await stopContainers(all(), { engine, copies, laterLogs });
        return recordAll();
      })()),
    endCreations: () => creations.end(),
    has: (node) => nodes.some(({ name }) => name === node),
    run: (node, program) => startContainerProgram(engine, live(node).id, program),
  };
}

function lostFault({ facts }: Engine, reason: string): Fault {
  return new Fault(
    'run',
    `The container engine at ${facts.address} does not tell of the containers any more: ${reason}`,
    { help: 'See whether it was restarted or has ended, and run again: "journalctl -u docker"' },
  );
}

/** The lab's own services have written their certificate authority by now, where there are any. */
async function lendAuthority(directory: string): Promise<void> {
  try {
    await copyFile(join(directory, 'lab', 'ca.pem'), join(lentFolder(directory), 'ca.pem'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** Whether an expectation speaks of an end that is not the peaceful one. */
const endsOf = ({ state, exitCode = 0, oomKilled }: ContainerExpectation): boolean =>
  state === 'exited' || exitCode !== 0 || oomKilled === true;
