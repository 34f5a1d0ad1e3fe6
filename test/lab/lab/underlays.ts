// Machines for tests: network namespaces that meet on one bridge, each with an agent of its own.
import { execFileSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createNetworkNamespace, inNamespace } from '../../../src/kernel/namespace.ts';
import { startLocalAgent } from '../../../src/lab/machine/local-agent.ts';
import { type Session, startSession } from '../../../src/lab/session.ts';
import { Fault } from '../../../src/base/fault.ts';
import { LOCAL } from '../../../src/model/machine.ts';
import { shareOf } from '../../../src/model/plan-share.ts';
import type { Impairment, Plan, PlanNode, StepAction } from '../../../src/model/plan.ts';
import type { BuildReport } from '../../../src/model/rpc.ts';
import { AGENT_FILE, newId } from './labs.ts';
import { bareNode } from './plans.ts';

export interface TestMachines {
  /** Machine n (from 1) is 10.66.0.n/24 and fd66::n/64 on `wire`, in a namespace of its own. */
  readonly fds: readonly number[];
  /** Runs a program in the stack of machine n (from 0). */
  run(machine: number, ...argv: string[]): string;
  close(): void;
}

export function createMachines(count: number, mtu = 1500): TestMachines {
  const hub = createNetworkNamespace();
  const fds = Array.from({ length: count }, () => createNetworkNamespace());
  const all = [hub, ...fds];
  const run = (fd: number, ...[program = '', ...rest]: string[]): string =>
    inNamespace(fd, () =>
      execFileSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  run(hub, 'ip', 'link', 'add', 'hub', 'type', 'bridge');
  run(hub, 'ip', 'link', 'set', 'hub', 'up');
  for (const [index, fd] of fds.entries()) {
    const at = index + 1;
    const own = `/proc/${process.pid}/fd/${fd}`;
    const peer = ['type', 'veth', 'peer', 'name', 'wire', 'mtu', String(mtu), 'netns', own];
    run(hub, 'ip', 'link', 'add', `m${at}`, 'mtu', String(mtu), ...peer);
    run(hub, 'ip', 'link', 'set', `m${at}`, 'master', 'hub', 'up');
    run(fd, 'ip', 'addr', 'add', `10.66.0.${at}/24`, 'dev', 'wire');
    run(fd, 'ip', 'addr', 'add', `fd66::${at}/64`, 'dev', 'wire', 'nodad');
    run(fd, 'ip', 'link', 'set', 'wire', 'up');
    run(fd, 'ip', 'link', 'set', 'lo', 'up');
  }
  return {
    fds,
    run: (machine, ...argv) => run(fds[machine] ?? -1, ...argv),
    close: () => all.forEach((fd) => closeSync(fd)),
  };
}

/** One machine's part of a lab. */
export type LabPart = Session & { readonly id: string };

export interface AcrossOptions {
  /** How many hosts each machine has. */
  readonly hosts: readonly number[];
  readonly mtu?: number;
  /** Of what members of machine m0 send. */
  readonly impairment?: Impairment;
}

/** Hosts `m<machine>h<n>` on one network, 10.78.<machine>.<n>/16 and fd78::<machine>:<n>/64, all from 1 but the names. */
export function acrossPlan({ hosts, mtu = 1430, impairment }: AcrossOptions): Plan {
  const machines = hosts.map((_, index) => `m${index}`);
  const members = hosts.flatMap((count, m) =>
    Array.from({ length: count }, (_, h) => ({
      machine: `m${m}`,
      node: `m${m}h${h}`,
      interface: `m${m}h${h}-net`,
      port: `net-${m}-${h}`,
      mac: `02:00:00:00:0${m}:0${h}`,
      addresses: [`10.78.${m + 1}.${h + 1}/16`, `fd78::${m + 1}:${h + 1}/64`],
      impairment: m === 0 ? impairment : undefined,
    })),
  );
  const kind = impairment ? 'switch' : 'bridge';
  const trunks = machines.map((machine) => ({
    machine,
    interface: 'trunk-net',
    vni: 0,
    peers: machines.filter((name) => name !== machine),
  }));
  const steps = machines.flatMap((machine, m) => {
    const own = members.filter((member) => member.machine === machine);
    const trunk = trunks[m];
    const actions: StepAction[] = [
      ...own.map(({ node }) => ({ kind: 'namespace', node }) as const),
      ...(kind === 'bridge' ? [{ kind, network: 'net', interface: 'net' } as const] : []),
      ...own.map(
        (member) =>
          ({
            kind: 'veth',
            network: 'net',
            left: { node: member.node, interface: member.interface, mac: member.mac },
            right: {
              node: null,
              interface: member.port,
              mac: member.mac.replace('02', '06'),
              ...(kind === 'bridge' && { master: 'net' }),
            },
            mtu,
            offload: false,
          }) as const,
      ),
      ...(trunk ? [{ kind: 'trunk', network: 'net', trunk, mtu } as const] : []),
      ...own.flatMap((member) =>
        member.addresses.map(
          (address) =>
            ({ kind: 'address', node: member.node, interface: member.interface, address }) as const,
        ),
      ),
      ...(kind === 'switch' ? [{ kind: 'segment', network: 'net' } as const] : []),
    ];
    return actions.map((action, index) => ({
      id: `${machine}:${action.kind}:${index}`,
      machine,
      do: action,
      command: `the command of ${action.kind} ${index}`,
      undo: '',
    }));
  });
  const node = ({ node: name, machine }: { node: string; machine: string }): PlanNode => ({
    ...bareNode(name),
    machine,
  });
  return {
    planVersion: 1,
    scenario: 'across',
    description: '',
    seed: 1,
    params: {},
    control: false,
    machines: machines.map((name) => ({ ...LOCAL, name })),
    nodes: members.map(node),
    names: [],
    networks: [
      {
        name: 'net',
        kind,
        subnets: ['10.78.0.0/16', 'fd78::/64'],
        mtu,
        isolated: true,
        uplink: false,
        gateway: [],
        members: members.map(
          ({ node, interface: name, port, mac, addresses, impairment: own }) => ({
            ...{ node, interface: name, port, mac, addresses },
            ...(own && { impairment: own }),
          }),
        ),
        trunks,
      },
    ],
    censors: [],
    services: [],
    flows: [],
    captures: [],
    expectations: [],
    steps,
  };
}

export const underlayOf = (
  machine: number,
  count: number,
  { vniBase = 4242, family = 4 }: { vniBase?: number; family?: 4 | 6 } = {},
): { vniBase: number; own: string; peers: Record<string, string> } => {
  const address = (index: number): string =>
    family === 4 ? `10.66.0.${index + 1}` : `fd66::${index + 1}`;
  const others = Array.from({ length: count }, (_, index) => index).filter((at) => at !== machine);
  return {
    vniBase,
    own: address(machine),
    peers: Object.fromEntries(others.map((index) => [`m${index}`, address(index)])),
  };
};

/** Starts the agent of machine n in that machine's stack. */
export async function startOn({ fds }: TestMachines, machine: number): Promise<LabPart> {
  const id = newId();
  const options = { labId: id, scenario: 'test', agentFile: AGENT_FILE, keepable: false };
  const agent = inNamespace(fds[machine] ?? -1, () => startLocalAgent(options));
  const session = await startSession(agent, {
    labId: id,
    onEvent: () => undefined,
    onLog: () => undefined,
    explainRefusal: (detail) => new Fault('machine', detail),
  });
  return { ...session, id };
}

/** Starts and builds all parts of the plan, one a machine. */
export async function buildAcross(
  machines: TestMachines,
  plan: Plan,
  folder: string,
  options: { vniBase?: number; family?: 4 | 6 } = {},
): Promise<{ labs: LabPart[]; reports: BuildReport[] }> {
  const labs = await Promise.all(plan.machines.map((_, index) => startOn(machines, index)));
  try {
    const reports = await Promise.all(
      labs.map((lab, index) =>
        lab.call(
          'build',
          {
            plan: shareOf(plan, `m${index}`),
            directory: `${folder}/${lab.id}`,
            underlay: underlayOf(index, labs.length, options),
          },
          20_000,
        ),
      ),
    );
    return { labs, reports };
  } catch (error) {
    await Promise.all(labs.map((lab) => lab.close()));
    throw error;
  }
}
