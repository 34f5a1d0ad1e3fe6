// Two nodes joined by a veth pair, made with iproute2, and the endpoint side of an agent on top of them.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTraffic } from '../../../src/agent/endpoint/traffic.ts';
import type { Traffic } from '../../../src/agent/endpoint/traffic.ts';
import { createNetworkNamespace, inNamespace } from '../../../src/kernel/namespace.ts';
import type { Plan, PlanNode } from '../../../src/model/plan.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import type { Flow, ProbeSpec, ServeSpec, Service } from '../../../src/model/traffic.ts';

export const CLIENT = { v4: '10.9.0.1', v6: 'fd09::1' };
export const SERVER = { v4: '10.9.0.2', v6: 'fd09::2' };

export interface TwoNodes {
  readonly traffic: Traffic;
  readonly directory: string;
  readonly events: AgentEvent[];
  /** Runs a program in a node and waits for it. */
  inNode(node: 'client' | 'server', file: string, ...argv: string[]): string;
  /** Starts a program in a node; whoever starts it ends it. */
  spawnInNode(node: 'client' | 'server', file: string, ...argv: string[]): ChildProcess;
  close(): Promise<void>;
}

/** A service on the server, on both its addresses. */
export const service = (name: string, serve: ServeSpec): Service => ({
  name,
  on: 'server',
  addresses: [SERVER.v4, SERVER.v6],
  serve,
});

/** A flow from the client. */
export const flow = (name: string, probe: ProbeSpec): Flow => ({
  name,
  from: 'client',
  schedule: { at: 0, after: [], repeat: 1, every: null, for: null, concurrency: 1 },
  probe,
});

export function createTwoNodes(services: readonly Service[], flows: readonly Flow[]): TwoNodes {
  const directory = mkdtempSync(join(tmpdir(), 'endpoint-test-'));
  for (const folder of ['lab', 'logs']) mkdirSync(join(directory, folder));
  for (const node of ['client', 'server']) {
    writeFileSync(join(directory, 'lab', `${node}.hosts`), `${SERVER.v4} server www.example\n`);
    writeFileSync(join(directory, 'lab', `${node}.resolv.conf`), `nameserver ${SERVER.v4}\n`);
  }
  const fds = { client: createNetworkNamespace(), server: createNetworkNamespace() };
  const inNode: TwoNodes['inNode'] = (node, file, ...argv) =>
    inNamespace(fds[node], () => execFileSync(file, argv, { encoding: 'utf8' }));
  joinNodes(fds, inNode);
  const events: AgentEvent[] = [];
  const traffic = createTraffic({
    plan: planOf(services, flows),
    directory,
    namespaceFd: (node) => (node === 'client' ? fds.client : fds.server),
    emit: (event) => events.push(event),
  });
  return {
    traffic,
    directory,
    events,
    inNode,
    spawnInNode: (node, file, ...argv) =>
      inNamespace(fds[node], () => spawn(file, argv, { stdio: ['ignore', 'pipe', 'inherit'] })),
    close: async () => {
      await traffic.stop();
      closeSync(fds.client);
      closeSync(fds.server);
      rmSync(directory, { recursive: true });
    },
  };
}

function joinNodes(fds: { client: number; server: number }, inNode: TwoNodes['inNode']): void {
  const target = `/proc/${process.pid}/fd/${fds.server}`;
  inNode('client', 'ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'eth0', 'netns', target);
  for (const [node, { v4, v6 }] of [
    ['client', CLIENT],
    ['server', SERVER],
  ] as const) {
    inNode(node, 'ip', 'address', 'add', `${v4}/24`, 'dev', 'eth0');
    inNode(node, 'ip', 'address', 'add', `${v6}/64`, 'dev', 'eth0', 'nodad');
    inNode(node, 'ip', 'link', 'set', 'lo', 'up');
    inNode(node, 'ip', 'link', 'set', 'eth0', 'up');
  }
}

function planOf(services: readonly Service[], flows: readonly Flow[]): Plan {
  const names = [{ address: SERVER.v4, names: ['server', 'www.example'] }];
  const node = (name: string): PlanNode => ({
    name,
    kind: 'host',
    machine: 'local',
    stack: 'namespace',
    forwarding: false,
    path: 'kernel',
    interfaces: [],
    routes: [],
    rules: [],
    nat: [],
    names: [],
    resolvers: [SERVER.v4],
  });
  return {
    planVersion: 1,
    scenario: 'endpoint',
    description: '',
    seed: 1,
    params: {},
    control: false,
    nodes: [node('client'), node('server')],
    names,
    networks: [],
    censors: [],
    services,
    flows,
    captures: [],
    expectations: [],
    steps: [],
  };
}
