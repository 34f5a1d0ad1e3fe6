// Services, probes and programs of the whole lab, from the agent's main thread: one thread for each node that opens sockets.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { Observation } from '../../model/observation.ts';
import type { Service } from '../../model/traffic.ts';
import type { AgentContext } from '../context.ts';
import { createAuthority } from './authority.ts';
import { serverNames } from '../../traffic/server-names.ts';
import { nowMicros } from './clock.ts';
import { startEndpointThread } from './endpoint-thread.ts';
import type { EndpointThread } from './endpoint-thread.ts';
import { createPrograms } from './programs.ts';
import type { ServiceSetup } from './protocol.ts';

export interface Traffic {
  /** Starts the threads of all nodes that serve or probe, so that no service and no flow waits for its own. */
  load(): Promise<void>;
  /** Starts every service, and the background programs that belong to the beginning; resolves to the services' names when all accept. */
  startServices(): Promise<string[]>;
  /** Runs one attempt of a flow; resolves when it has ended, and for a background program when it has started. */
  runFlow(flow: string, attempt: number): Promise<Observation>;
  /** Ends programs, services and threads. Services can be started again afterwards. */
  stop(): Promise<void>;
}

/** Milliseconds that a node's thread has to close its sockets and write its logs. */
const STOP_LIMIT = 2000;

export function createTraffic(context: AgentContext): Traffic {
  const { plan, directory } = context;
  const authority = createAuthority(context.authority);
  const authorityFile = join(directory, 'lab', 'ca.pem');
  const programs = createPrograms(context, {
    SSL_CERT_FILE: authorityFile,
    CURL_CA_BUNDLE: authorityFile,
    NODE_EXTRA_CA_CERTS: authorityFile,
  });
  const probes = plan.flows.flatMap(({ from, probe: { kind } }) =>
    kind === 'run' || kind === 'script' ? [] : [{ from, kind }],
  );
  const servers = new Set(plan.services.map(({ on }) => on));
  const hosts = [...plan.names, ...plan.nodes.flatMap((node) => node.names)];
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
    };
    const started = startEndpointThread(setup, ({ kind, message }) =>
      context.emit({ kind: 'broken', time: nowMicros(), fault: { kind, message } }),
    );
    threads.set(node, started);
    return started;
  };
  const setUp = (service: Service): ServiceSetup => ({
    service,
    credentials:
      service.serve.kind === 'tls'
        ? authority.issue(service.name, serverNames(hosts, service, service.serve.names))
        : null,
  });
  return {
    load: async () => {
      await Promise.all(
        [...new Set([...servers, ...probes.map(({ from }) => from)])].map((node) =>
          thread(node).call('load', {
            probes: probes.filter(({ from }) => from === node).map(({ kind }) => kind),
          }),
        ),
      );
    },
    startServices: async () => {
      await writeFile(authorityFile, authority.certificate);
      await Promise.all(
        [...servers].map((node) =>
          thread(node).call('start', {
            services: plan.services.filter(({ on }) => on === node).map(setUp),
          }),
        ),
      );
      for (const flow of plan.flows) {
        const { probe, schedule } = flow;
        const isEarly = schedule.at === 0 && schedule.after.length === 0;
        if (probe.kind === 'run' && probe.background && isEarly)
          early.set(flow.name, await programs.run(flow, probe, 1));
      }
      return plan.services.map((service) => service.name);
    },
    runFlow: async (name, attempt) => {
      const flow = plan.flows.find((candidate) => candidate.name === name);
      if (!flow) throw new Fault('run', `Flow "${name}" is not in the plan`);
      const { probe, from } = flow;
      if (probe.kind === 'script') throw new Fault('run', `Flow "${name}" is a script`);
      if (probe.kind !== 'run') return thread(from).call('probe', { flow: name, attempt, probe });
      const started = attempt === 1 ? early.get(name) : undefined;
      return started ?? programs.run(flow, probe, attempt);
    },
    stop: async () => {
      await Promise.all([programs.stop(), ...[...threads.values()].map(stopThread)]);
      threads.clear();
      early.clear();
    },
  };
}

async function stopThread(thread: EndpointThread): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_LIMIT);
  });
  // A thread that is broken or stuck has nothing more to say; it is ended either way.
  const stopped = thread.call('stop', null).catch(() => null);
  await Promise.race([stopped, limit]);
  clearTimeout(timer);
  await thread.terminate();
}
