// Two nodes joined by a veth pair, and the endpoint side of an agent on top of them, in a process with user, network,
// mount and PID namespaces of its own: needs no root, and nothing of it can stay behind.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Observation } from '../../../src/model/observation.ts';
import { LOCAL } from '../../../src/model/machine.ts';
import type { Plan, PlanNode } from '../../../src/model/plan.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import type { Flow, ProbeSpec, ServeSpec, Service } from '../../../src/model/traffic.ts';

export const CLIENT = { v4: '10.9.0.1', v6: 'fd09::1' };
export const SERVER = { v4: '10.9.0.2', v6: 'fd09::2' };

export type NodeName = 'client' | 'server';

export type HostRequest =
  | { readonly method: 'startServices' | 'stop' | 'events' }
  | {
      readonly method: 'runFlow';
      readonly flow: string;
      readonly attempt: number;
      readonly at?: number;
    }
  | { readonly method: 'runFlows'; readonly flow: string; readonly attempts: number }
  | {
      readonly method: 'inNode' | 'startInNode';
      readonly node: NodeName;
      readonly file: string;
      readonly argv: readonly string[];
    };

export interface HostReply {
  readonly id: number;
  readonly result?: unknown;
  /** The fields of a fault, or of any other error. */
  readonly error?: { readonly message: string };
}

export interface TwoNodes {
  readonly directory: string;
  startServices(): Promise<string[]>;
  runFlow(flow: string, attempt: number, at?: number): Promise<Observation>;
  /** Runs so many attempts at once. */
  runFlows(flow: string, attempts: number): Promise<Observation[]>;
  stop(): Promise<void>;
  /** What the traffic has emitted so far. */
  events(): Promise<AgentEvent[]>;
  /** Runs a program in a node and gives its standard output. */
  inNode(node: NodeName, file: string, ...argv: string[]): Promise<string>;
  /** Starts a program in a node; resolves when it has said something. */
  startInNode(node: NodeName, file: string, ...argv: string[]): Promise<void>;
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
  schedule: { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1 },
  probe,
});

const HOST = fileURLToPath(new URL('./two-nodes-host.ts', import.meta.url));
const NAMESPACES = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork'];

export function createTwoNodes(services: readonly Service[], flows: readonly Flow[]): TwoNodes {
  const directory = mkdtempSync(join(tmpdir(), 'endpoint-test-'));
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(planOf(services, flows)));
  const host = fork(HOST, [directory], {
    execPath: 'unshare',
    execArgv: [
      ...[...NAMESPACES, '--kill-child', '--mount-proc', '--', process.execPath],
      ...['--import', 'ts-blank-space/register'],
    ],
  });
  const pending = new Map<number, (reply: HostReply) => void>();
  host.on('message', (reply: HostReply) => pending.get(reply.id)?.(reply));
  const exited = once(host, 'exit');
  let lastId = 0;
  const call = async <T>(request: HostRequest): Promise<T> => {
    lastId += 1;
    const id = lastId;
    const answered = new Promise<HostReply>((resolve) => {
      pending.set(id, resolve);
    });
    host.send({ ...request, id });
    const ended = exited.then((): HostReply => ({ id, error: { message: 'The host has ended' } }));
    const { result, error } = await Promise.race([answered, ended]);
    pending.delete(id);
    if (error) throw Object.assign(new Error(error.message), error);
    return result as T;
  };
  return {
    directory,
    startServices: () => call({ method: 'startServices' }),
    runFlow: (name, attempt, at) =>
      call({ method: 'runFlow', flow: name, attempt, ...(at !== undefined && { at }) }),
    runFlows: (name, attempts) => call({ method: 'runFlows', flow: name, attempts }),
    stop: () => call({ method: 'stop' }),
    events: () => call({ method: 'events' }),
    inNode: (node, file, ...argv) => call({ method: 'inNode', node, file, argv }),
    startInNode: (node, file, ...argv) => call({ method: 'startInNode', node, file, argv }),
    close: async () => {
      await call({ method: 'stop' });
      host.disconnect();
      await exited;
      rmSync(directory, { recursive: true });
    },
  };
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
    machines: [LOCAL],
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
