// Services, probes and programs of the whole lab, from the agent's main thread: one thread for each node that opens sockets.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import type { Observation } from '../../model/observation.ts';
import type { Flow, ServeSpec, Service } from '../../model/traffic.ts';
import { type WebSpec, webNames } from '../../model/web.ts';
import type { AgentContext } from '../context.ts';
import { createRawEndpoints } from '../raw/raw-endpoints.ts';
import { type Authority, createAuthority } from './authority.ts';
import { serverNames } from '../../traffic/server-names.ts';
import { nowMicros } from './clock.ts';
import { startEndpointThread } from './endpoint-thread.ts';
import type { EndpointThread } from './endpoint-thread.ts';
import { createPrograms } from './programs.ts';
import type { Credentials, PlayEnding, ServiceSetup } from './protocol.ts';
import { createQuic } from './quic/quic.ts';
import type { ServiceShortfall } from './services/running-service.ts';
import { createPlays } from './script/plays.ts';
import { createScriptSetups } from './script/script-setups.ts';
import { createVisits } from './visits/visits.ts';

export interface Traffic {
  /** Starts the threads of all nodes that serve or probe, so that no service and no flow waits for its own. */
  load(): Promise<void>;
  /** Starts every service, and the background programs that belong to the beginning; resolves to the services' names when all accept. */
  startServices(): Promise<string[]>;
  /**
   * Runs one attempt of a flow; resolves when it has ended, and for a background program when it has started. It begins
   * `at` that moment, microseconds since the epoch.
   */
  runFlow(flow: string, attempt: number, at?: number | null): Promise<Observation>;
  /** Has the parties of a script ready, so that an attempt can begin everywhere at one moment. */
  openFlow(flow: string, attempt: number): Promise<void>;
  /** Ends what of an attempt of a script still plays here, because a party on another machine has failed. */
  endFlow(ending: PlayEnding): Promise<void>;
  /** Ends programs, services and threads. Services can be started again afterwards. */
  stop(): Promise<void>;
}

/** Milliseconds that a node's thread has to close its sockets and write its logs. */
const STOP_LIMIT = 2000;

export function createTraffic(context: AgentContext): Traffic {
  const { plan, directory, folder = '' } = context;
  const authority = createAuthority(context.authority);
  const authorityFile = join(directory, 'lab', 'ca.pem');
  const programs = createPrograms(context, {
    SSL_CERT_FILE: authorityFile,
    CURL_CA_BUNDLE: authorityFile,
    NODE_EXTRA_CA_CERTS: authorityFile,
    LAB_FOLDER: join(directory, 'lab'),
  });
  const quic = createQuic(context);
  const visits = createVisits(context, authorityFile);
  const raw = createRawEndpoints(context);
  const probes = plan.flows.flatMap(({ from, probe: { kind } }) =>
    kind === 'run' || kind === 'quic' || kind === 'script' || kind === 'visit'
      ? []
      : [{ from, kind }],
  );
  const threaded = plan.services.filter(({ serve }) => serve.kind !== 'quic');
  const servers = new Set(threaded.map(({ on }) => on));
  const hosts = [...plan.names, ...plan.nodes.flatMap((node) => node.names)];
  const scripts = createScriptSetups(plan, authority, join(directory, 'lab', 'sockets'));
  const threads = new Map<string, EndpointThread>();
  /** Background programs whose first attempt has started with the services. */
  const early = new Map<string, Observation>();

  const thread = (node: string): EndpointThread => {
    const existing = threads.get(node);
    if (existing) return existing;
    const setup = {
      node,
      namespaceFd: context.namespaceFd(node),
      logs: join(directory, 'logs'),
      trust: authority.certificate,
      scripts: scripts.of(node),
    };
    const started = startEndpointThread(setup, ({ kind, message }) =>
      context.emit({ kind: 'broken', time: nowMicros(), fault: { kind, message } }),
    );
    threads.set(node, started);
    return started;
  };
  const issue = (service: Service, names: readonly string[]): Credentials =>
    authority.issue(service.name, serverNames(hosts, service, names));
  const setUp = (service: Service): ServiceSetup => {
    const names = certifiedNames(service.serve);
    return {
      service,
      credentials: names === null ? null : issue(service, names),
      ...(service.serve.kind === 'web' && { sites: siteCredentials(authority, service.serve) }),
      folder,
    };
  };
  const plays = createPlays({ thread, raw, nodes: new Set(plan.nodes.map(({ name }) => name)) });
  const flowOf = (name: string): Flow => {
    const flow = plan.flows.find((candidate) => candidate.name === name);
    if (!flow) throw new Fault('run', `Flow "${name}" is not in the plan`);
    return flow;
  };
  return {
    load: async () => {
      quic.check();
      const nodes = [...servers, ...probes.map(({ from }) => from), ...scripts.nodes];
      await Promise.all(
        [...new Set(nodes)].map((node) =>
          thread(node).call('load', {
            probes: probes.filter(({ from }) => from === node).map(({ kind }) => kind),
          }),
        ),
      );
    },
    startServices: async () => {
      await writeFile(authorityFile, authority.certificate);
      await Promise.all([
        ...[...servers].map((node) =>
          thread(node).call('start', {
            services: threaded.filter(({ on }) => on === node).map(setUp),
          }),
        ),
        ...plan.services.map((service) =>
          service.serve.kind === 'quic'
            ? quic.serve(service, issue(service, service.serve.names))
            : null,
        ),
      ]);
      for (const flow of plan.flows) {
        const { probe, schedule } = flow;
        const isEarly = schedule.at === 0 && schedule.after.length === 0;
        if (probe.kind === 'run' && probe.background && isEarly)
          early.set(flow.name, await programs.run(flow, probe, 1));
      }
      return plan.services.map((service) => service.name);
    },
    openFlow: async (name, attempt) => {
      const flow = flowOf(name);
      if (flow.probe.kind === 'script') await plays.open(flow, flow.probe, attempt);
    },
    endFlow: (ending) => plays.end(ending),
    runFlow: async (name, attempt, at = null) => {
      const flow = flowOf(name);
      const { probe, from } = flow;
      if (probe.kind === 'script') return plays.run(flow, probe, attempt, at);
      if (at !== null) await delay(Math.max(0, (at - nowMicros()) / 1000));
      if (probe.kind === 'quic') return quic.probe(flow, probe, attempt);
      if (probe.kind === 'visit') return visits.visit(flow, probe, attempt);
      if (probe.kind !== 'run') return thread(from).call('probe', { flow: name, attempt, probe });
      const started = attempt === 1 ? early.get(name) : undefined;
      return started ?? programs.run(flow, probe, attempt);
    },
    stop: async () => {
      await Promise.all([
        programs.stop(),
        quic.stop(),
        visits.stop(),
        raw.stop(),
        ...[...threads].map(async ([node, one]) => {
          for (const shortfall of await stopThread(one))
            context.emit({
              ...{ kind: 'loss', time: nowMicros(), place: node },
              ...{ ...shortfall, isDeclared: false },
            });
        }),
      ]);
      scripts.close();
      threads.clear();
      early.clear();
    },
  };
}

/** The names that a thread's service needs a certificate for; null for none. */
function certifiedNames(serve: ServeSpec): readonly string[] | null {
  if (serve.kind === 'tls') return serve.names;
  if (serve.kind === 'web') return serve.ports.https === null ? null : [];
  return serve.kind === 'dns' && serve.secure ? serve.secure.names : null;
}

/** Each site of a web server has a certificate of its own. */
function siteCredentials(authority: Authority, spec: WebSpec): Record<string, Credentials> {
  if (spec.ports.https === null) return {};
  return Object.fromEntries(webNames(spec).map((name) => [name, authority.issue(name, [name])]));
}

async function stopThread(thread: EndpointThread): Promise<readonly ServiceShortfall[]> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), STOP_LIMIT);
  });
  // A thread that is broken or stuck has nothing more to say; it is ended either way.
  const stopped = thread.call('stop', null).catch(() => null);
  const shortfalls = await Promise.race([stopped, limit]);
  clearTimeout(timer);
  await thread.terminate();
  return shortfalls ?? [];
}
