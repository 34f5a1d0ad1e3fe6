// The agent: first process of a lab's namespaces. It builds the lab and runs its parts for a runner, which speaks to it
// over standard input and output; with the runner it ends, and with it the lab.
import { release, type as systemName } from 'node:os';
import { Fault } from '../base/fault.ts';
import { invariant } from '../base/invariant.ts';
import { CREATION_LIMIT_MS, LAB_ENVIRONMENT } from '../model/lab-mark.ts';
import type { MirrorInspection } from '../model/mirror-doctor.ts';
import { type AgentMessage, type AgentMethods, PROTOCOL_VERSION } from '../model/rpc.ts';
import { clockMicros } from '../kernel/waiter.ts';
import { buildLab } from './build/build-lab.ts';
import { probeShaping } from './build/probe-shaping.ts';
import { type Captures, createCaptures } from './capture/captures.ts';
import { within } from './container/bounded.ts';
import type { Containers } from './container/containers.ts';
import { type Secrets, createSecrets } from './container/secrets.ts';
import type { AgentContext } from './context.ts';
import type { Stacks } from './build/stacks.ts';
import { openDoor } from './door.ts';
import { createAuthority } from './endpoint/authority.ts';
import { nowMicros } from './endpoint/clock.ts';
import { type Traffic, createTraffic } from './endpoint/traffic.ts';
import { checkVisitors } from './endpoint/visits/find-visitor.ts';
import { digestFiles } from './digest-files.ts';
import { publishMark } from './lab-mark.ts';
import { inspectMirrors } from './mirror/doctor/inspect-mirrors.ts';
import { type LabMirrors, createLabMirrors } from './mirror/lab-mirrors.ts';
import { type PacketPaths, createPacketPaths } from './packet/packet-paths.ts';
import { type LabRelays, createLabRelays } from './relay/lab-relays.ts';
import { TunnelDevices } from './tunnel/devices.ts';
import { type LabTunnels, createLabTunnels } from './tunnel/lab-tunnels.ts';
import { reapOrphans } from './reap-orphans.ts';
import { type AgentHandlers, serveRequests, toAgentFault } from './rpc.ts';

declare const RUNNER_VERSION: string | undefined;

const VERSION = typeof RUNNER_VERSION === 'string' ? RUNNER_VERSION : 'from source';

interface Parts {
  readonly paths: PacketPaths;
  readonly captures: Captures;
  readonly traffic: Traffic;
  readonly relays: LabRelays;
  readonly tunnels: LabTunnels;
  readonly mirrors: LabMirrors;
  readonly inspectMirrors: () => Promise<MirrorInspection[]>;
}

const write = claimOutput();
const send = (message: AgentMessage): void => void write(`${JSON.stringify(message)}\n`);
const ability = probeShaping();
const updateMark = publishMark({
  id: process.env[LAB_ENVIRONMENT.id] ?? '',
  scenario: process.env[LAB_ENVIRONMENT.scenario] ?? '',
  started: Date.now(),
  directory: '',
  kept: false,
  nodes: {},
  containers: {},
  engine: '',
  machines: [],
});
/** What was prepared before the lab is built. */
const prepared: { secrets?: Secrets; containers?: Containers } = {};
let parts: Parts | undefined;
/** The lab's folder, once the lab is built. */
let labFolder = '';
// An object, since the flag changes behind the compiler's back.
const state = { isKept: false };

process.on('SIGTERM', () => void endCreations().finally(() => process.exit(0)));
reapOrphans();
await serveRequests(process.stdin, createHandlers(), send);
if (!state.isKept) {
  // Its last losses are told, however short the run was.
  await Promise.all([parts?.paths.stop(), endCreations()]);
  process.exit(0);
}

function createHandlers(): AgentHandlers {
  return {
    hello: async ({ protocol }) => {
      if (protocol !== PROTOCOL_VERSION)
        throw new Fault(
          'machine',
          `The agent speaks protocol ${PROTOCOL_VERSION} and the runner protocol ${protocol}`,
          { help: 'Run "make build": the two are of different versions' },
        );
      return {
        version: VERSION,
        node: process.version,
        kernel: `${systemName()} ${release()}`,
        netem: (await ability).netem,
        pid: process.pid,
      };
    },
    prepare: async ({ plan, folder, directory, build, secrets: values }) => {
      updateMark({ directory });
      const secrets = createSecrets(values);
      prepared.secrets = secrets;
      if (!plan.nodes.some(({ kind }) => kind === 'container')) return { engine: null, images: [] };
      // Only labs with containers pay for the way to an engine.
      const { prepareContainers } = await import('./container/containers.ts');
      const containers = await prepareContainers({
        ...{ plan, folder, directory, build, secrets },
        labId: process.env[LAB_ENVIRONMENT.id] ?? '',
        origin: process.env[LAB_ENVIRONMENT.origin] ?? '',
        emit: (event) => send({ event }),
        onCreated: (ids) => updateMark({ containers: ids }),
      });
      prepared.containers = containers;
      updateMark({ engine: containers.engine.address });
      return { engine: containers.engine, images: [...containers.images] };
    },
    build: async ({ plan, directory, folder, underlay, authority, working }) => {
      invariant(!parts, 'A lab is built once');
      if (working !== undefined) process.chdir(working);
      checkVisitors(plan);
      labFolder = directory;
      // One for all parts: whoever trusts the lab trusts what any of them issues.
      const shared = authority ?? createAuthority().key;
      const devices = new TunnelDevices(plan, shared, (fault) =>
        send({ event: { kind: 'broken', time: nowMicros(), fault: toAgentFault(fault) } }),
      );
      let stacks: Stacks | undefined = undefined;
      const context: AgentContext = {
        plan,
        directory,
        ...(folder !== undefined && { folder }),
        namespaceFd: (node) => {
          invariant(stacks, 'Nodes are entered when they are there');
          return stacks.fd(node);
        },
        emit: (event) => send({ event }),
        authority: shared,
        ...prepared,
      };
      const captures = createCaptures(context, (node, device) => devices.hasTold(node, [device]));
      // The threads start side by side with the building, and before links are measured, which they would disturb.
      const [lab] = await Promise.all([
        buildLab(
          plan,
          directory,
          await ability,
          async (steps) => containers().create(steps),
          (step, made) => devices.make(step, made),
          { labId: process.env[LAB_ENVIRONMENT.id] ?? '', underlay },
        ),
        captures.load(),
      ]);
      stacks = lab.stacks;
      updateMark({ directory, scenario: plan.scenario, nodes: lab.stacks.descriptors() });
      parts = {
        paths: createPacketPaths(context, lab.switched),
        captures,
        traffic: createTraffic(context),
        relays: createLabRelays(context),
        tunnels: createLabTunnels(context, devices),
        mirrors: createLabMirrors(context),
        inspectMirrors: () => inspectMirrors(context),
      };
      const start = performance.now();
      await Promise.all([parts.paths.start(), parts.traffic.load()]);
      return {
        ...lab.report,
        timings: { ...lab.report.timings, threads: performance.now() - start },
      };
    },
    measure: async () => ({ links: await built().paths.measure() }),
    probeListen: ({ link }) => built().paths.probes.listen(link),
    probeSend: ({ link }) => built().paths.probes.send(link),
    probeCollect: ({ link, unsent, clocks }) => built().paths.probes.collect(link, unsent, clocks),
    startCaptures: async () => {
      await built().captures.start();
      return {};
    },
    stopCaptures: async () => ({ captures: await built().captures.stop() }),
    startServices: async () => {
      // Programs of the beginning may dial a relay at once, and a relay by a tunnel.
      await built().tunnels.start();
      await built().relays.start();
      await built().mirrors.start();
      return { ready: await built().traffic.startServices() };
    },
    startContainers: async () => ({ containers: (await prepared.containers?.start()) ?? [] }),
    inspectMirrors: async () => {
      const inspections = await built().inspectMirrors();
      await built().mirrors.forgetLeaks();
      return { inspections };
    },
    playMirrors: () => {
      built().mirrors.play();
      return Promise.resolve({});
    },
    copyAfter: async ({ flow }) => {
      await prepared.containers?.copyAfter(flow);
      return {};
    },
    stopContainers: async ({ leaveRunning = false }) => ({
      containers: (await prepared.containers?.stop(leaveRunning)) ?? [],
    }),
    openFlow: async ({ flow, attempt }) => {
      await built().traffic.openFlow(flow, attempt);
      return {};
    },
    runFlow: ({ flow, attempt, at }) => built().traffic.runFlow(flow, attempt, at),
    endFlow: async (ending) => {
      await built().traffic.endFlow(ending);
      return {};
    },
    controlCensor,
    controlProxy: async ({ proxy, change }) => {
      await built().relays.control(proxy, change);
      return {};
    },
    controlTunnel: async ({ tunnel, change }) => {
      await built().tunnels.control(tunnel, change);
      return {};
    },
    stopTraffic: async () => {
      // What clients have said is to reach the target before it ends.
      await built().mirrors.finish();
      await built().traffic.stop();
      await built().relays.stop();
      await built().tunnels.stop();
      return {};
    },
    countPackets: async ({ files, filter }) => ({
      count: await built().captures.countPackets(files, filter),
    }),
    clock: () => Promise.resolve({ time: clockMicros() }),
    makeAuthority: () => Promise.resolve(createAuthority().key),
    digest: async ({ files }) => ({ files: await digestFiles(labFolder, files) }),
    keep: async ({ machines = [] }) => {
      // Before it is built, a lab has no folder for a door, and nothing behind it.
      if (labFolder !== '') await openDoor(labFolder, { controlCensor });
      state.isKept = true;
      updateMark({ kept: true, machines });
      return {};
    },
  };
}

async function controlCensor({
  censor,
  change,
}: AgentMethods['controlCensor']['params']): Promise<Record<string, never>> {
  await built().paths.control(censor, change);
  return {};
}

/** Those that the engine is making are there when this settles, for whoever removes them. */
function endCreations(): Promise<void> {
  const ended = prepared.containers?.endCreations() ?? Promise.resolve();
  return within(ended, CREATION_LIMIT_MS, () => undefined);
}

function built(): Parts {
  if (!parts) throw new Fault('run', 'The lab is not built yet: "build" comes first');
  return parts;
}

function containers(): Containers {
  if (!prepared.containers)
    throw new Fault('run', 'The lab has containers and was not prepared: "prepare" comes first');
  return prepared.containers;
}

/**
 * Takes standard output for messages alone: whatever else writes there, worker threads included, goes to standard error.
 * A kept lab outlives the reader of both.
 */
function claimOutput(): (text: string) => boolean {
  const { stdout, stderr } = process;
  const writeOut = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  return writeOut;
}
