// Containers of a lab: created and started, each waiting at its gate, its network namespace opened.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { closeDescriptor } from '../../kernel/process.ts';
import type { Engine, LocalImage } from '../../engine/engine.ts';
import type { ContainerStep } from '../build/phases.ts';
import { StepFault } from '../build/step-fault.ts';
import { forEachBounded } from '../../base/for-each-bounded.ts';
import type { ContainerNode } from '../../model/plan-containers.ts';
import { type OrderOptions, orderContainer } from './container-order.ts';
import type { Copies } from './copies.ts';
import { resolveHealthcheck } from './healthcheck.ts';
import { LiveContainer, describeExit } from './live-container.ts';
import { openContainerNetwork } from './machine-process.ts';
import { logOutput } from './output.ts';

export interface CreateOptions extends OrderOptions {
  readonly engine: Engine;
  readonly copies: Copies;
  /** Hears of each container as soon as it exists. */
  readonly onCreated: (container: LiveContainer) => void;
}

export interface Creation {
  readonly step: ContainerStep;
  readonly node: ContainerNode;
  readonly image: LocalImage;
}

/** Containers under way at once: on two processors more took longer, as the engine's own starts stand in each other's way. */
const AT_ONCE = 4;

/** Gives the descriptors of the network namespaces that are the lab's to fill, by node. */
export async function createContainers(
  creations: readonly Creation[],
  options: CreateOptions,
): Promise<Map<string, number>> {
  const namespaces = new Map<string, number>();
  await forEachBounded(creations, AT_ONCE, async ({ step, node, image }) => {
    try {
      const fd = await createContainer(node, image, options);
      if (fd !== undefined) namespaces.set(node.name, fd);
    } catch (error) {
      throw new StepFault(step, aboutContainer(error, node, options));
    }
  });
  return namespaces;
}

async function createContainer(
  node: ContainerNode,
  image: LocalImage,
  options: CreateOptions,
): Promise<number | undefined> {
  const { engine, directory, secrets } = options;
  const spec = node.container;
  const id = await engine.createContainer(orderContainer(node, image, options));
  const healthcheck = resolveHealthcheck(spec.healthcheck, image);
  const container = new LiveContainer(node, spec, healthcheck, id);
  options.onCreated(container);
  await options.copies.at(container, { when: 'create' });
  const streams = await engine.attachOutput(id, spec.tty);
  container.output = logOutput(streams, join(directory, 'logs'), node.name, secrets);
  await engine.startContainer(id);
  container.isStarted = true;
  return node.stack === 'namespace' ? enterContainer(container, options) : undefined;
}

async function enterContainer(
  container: LiveContainer,
  { engine, directory }: CreateOptions,
): Promise<number> {
  const fd = await openNetwork(container, engine, directory);
  try {
    enableIpv6(fd, container);
    return fd;
  } catch (error) {
    closeDescriptor(fd);
    throw error;
  }
}

async function openNetwork(
  container: LiveContainer,
  engine: Engine,
  directory: string,
): Promise<number> {
  const pid = await runningPid(container, engine);
  try {
    return await openContainerNetwork(pid, container.node, directory);
  } catch (error) {
    // It may have ended meanwhile, which is the better reason.
    await runningPid(container, engine);
    throw error;
  }
}

/** Throws a Fault when it does not run: it should wait at its gate. */
async function runningPid(container: LiveContainer, engine: Engine): Promise<number> {
  const state = await engine.inspectContainer(container.id);
  if (state.pid !== null) return state.pid;
  container.noteState(state);
  const ending = container.exit ? describeExit(container.exit) : state.state;
  const said = (await container.output?.quote()) ?? '';
  throw new Fault(
    'machine',
    `It ended before its network was there: ${[ending, state.error].filter((part) => part !== '').join(', ')}${said}`,
    { help: 'See what the engine says of it: "journalctl -u docker", "docker events"' },
  );
}

/** Docker closes IPv6 in namespaces that it gives no IPv6 network; what the scenario says of it stays. */
function enableIpv6(fd: number, { spec }: LiveContainer): void {
  inNamespace(fd, () => {
    for (const scope of ['all', 'default']) {
      if (Object.hasOwn(spec.sysctls, `net.ipv6.conf.${scope}.disable_ipv6`)) continue;
      writeFileSync(`/proc/sys/net/ipv6/conf/${scope}/disable_ipv6`, '0');
    }
  });
}

function aboutContainer(
  error: unknown,
  { name, container }: ContainerNode,
  { secrets }: CreateOptions,
): unknown {
  if (!(error instanceof Fault)) return error;
  const message = `container "${name}" of image "${container.image.name}": ${error.message}`;
  return new Fault(error.kind, secrets.hide(message), { help: error.help, cause: error });
}
