// The far side of two-nodes.ts: runs in namespaces of its own, makes the two nodes with iproute2 and holds the traffic.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTraffic } from '../../../src/agent/endpoint/traffic.ts';
import { Fault } from '../../../src/base/fault.ts';
import { disableOffloads } from '../../../src/kernel/device.ts';
import { createNetworkNamespace, inNamespace } from '../../../src/kernel/namespace.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import { CLIENT, SERVER } from './two-nodes.ts';
import type { HostReply, HostRequest, NodeName } from './two-nodes.ts';

const fds = { client: createNetworkNamespace(), server: createNetworkNamespace() };
const events: AgentEvent[] = [];

function inNode(node: NodeName, file: string, argv: readonly string[]): string {
  return inNamespace(fds[node], () => execFileSync(file, argv, { encoding: 'utf8' }));
}

/** Starts a program and waits until it says something. */
function startInNode(node: NodeName, file: string, argv: readonly string[]): Promise<null> {
  const child = inNamespace(fds[node], () =>
    spawn(file, argv, { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => resolve(null));
    child.once('exit', (code) => reject(new Error(`${file} exited with ${code ?? 'a signal'}`)));
  });
}

function ip(node: NodeName, words: string): void {
  inNode(node, 'ip', words.split(' '));
}

function joinNodes(): void {
  const far = `/proc/${process.pid}/fd/${fds.server}`;
  ip('client', `link add eth0 type veth peer eth0 netns ${far}`);
  for (const [node, { v4, v6 }] of [
    ['client', CLIENT],
    ['server', SERVER],
  ] as const) {
    ip(node, `address add ${v4}/24 dev eth0`);
    ip(node, `address add ${v6}/64 dev eth0 nodad`);
    ip(node, 'link set lo up');
    ip(node, 'link set eth0 up');
    inNamespace(fds[node], () => disableOffloads('eth0'));
  }
}

function writeNames(directory: string): void {
  for (const folder of ['lab', 'logs']) mkdirSync(join(directory, folder));
  for (const node of ['client', 'server']) {
    writeFileSync(join(directory, 'lab', `${node}.hosts`), `${SERVER.v4} server www.example\n`);
    writeFileSync(join(directory, 'lab', `${node}.resolv.conf`), `nameserver ${SERVER.v4}\n`);
  }
}

const [directory = ''] = process.argv.slice(2);
const plan = readFileSync(join(directory, 'plan.json'), 'utf8');
joinNodes();
writeNames(directory);
const traffic = createTraffic({
  plan: JSON.parse(plan) as Plan,
  directory,
  namespaceFd: (node) => (node === 'client' ? fds.client : fds.server),
  emit: (event) => events.push(event),
});

async function perform(request: HostRequest): Promise<unknown> {
  switch (request.method) {
    case 'startServices':
      return traffic.startServices();
    case 'runFlow':
      return traffic.runFlow(request.flow, request.attempt, request.at ?? null);
    case 'runFlows':
      return Promise.all(
        Array.from({ length: request.attempts }, (_, index) =>
          traffic.runFlow(request.flow, index + 1),
        ),
      );
    case 'stop':
      return traffic.stop();
    case 'inNode':
      return inNode(request.node, request.file, request.argv);
    case 'startInNode':
      return startInNode(request.node, request.file, request.argv);
    case 'events':
      return events;
  }
}

process.on('message', (request: HostRequest & { id: number }) => {
  const reply = (answer: HostReply): void => {
    process.send?.(answer);
  };
  perform(request).then(
    (result) => reply({ id: request.id, result }),
    (error: unknown) => {
      const { message } = error instanceof Error ? error : new Error(String(error));
      const fault = error instanceof Fault ? { kind: error.kind, help: error.help } : {};
      reply({ id: request.id, error: { message, ...fault } });
    },
  );
});
process.on('disconnect', () => process.exit());
