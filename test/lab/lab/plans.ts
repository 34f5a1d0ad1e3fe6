// Plans by hand for the lab's tests: a star of hosts on one bridge, or two hosts joined directly.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL } from '../../../src/model/machine.ts';
import type { Plan, PlanNode, Step, StepAction } from '../../../src/model/plan.ts';

const EMPTY = {
  planVersion: 1,
  description: '',
  seed: 1,
  params: {},
  control: false,
  machines: [LOCAL],
  names: [{ address: '10.77.0.1', names: ['h0'] }],
  networks: [],
  censors: [],
  services: [],
  flows: [],
  captures: [],
  expectations: [],
} as const;

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** `h0`, `h1`, … on one bridge, at 10.77.0.0/16 and fd77::/64 from the first address on. */
export function starPlan(size: number): Plan {
  const names = Array.from({ length: size }, (_, index) => `h${index}`);
  const actions: StepAction[] = [
    ...names.map((node) => ({ kind: 'namespace', node }) as const),
    { kind: 'bridge', network: 'star', interface: 'star' },
    ...names.map(
      (node, index) =>
        ({
          kind: 'veth',
          network: 'star',
          left: {
            node,
            interface: `${node}-star`,
            mac: `02:00:00:00:${hex(index >> 8)}:${hex(index & 255)}`,
          },
          right: {
            node: null,
            interface: `star-${index}`,
            mac: `02:01:00:00:${hex(index >> 8)}:${hex(index & 255)}`,
            master: 'star',
          },
          mtu: 1500,
          offload: false,
        }) as const,
    ),
    ...names.map(
      (node) => ({ kind: 'sysctl', node, key: 'net.ipv4.ip_forward', value: '1' }) as const,
    ),
    ...names.flatMap((node, index) =>
      [starAddress(index), starAddress6(index)].map(
        (address) => ({ kind: 'address', node, interface: `${node}-star`, address }) as const,
      ),
    ),
  ];
  return { ...EMPTY, scenario: 'star', nodes: names.map(bareNode), steps: toSteps(actions) };
}

export const starAddress = (index: number): string =>
  `10.77.${(index + 1) >> 8}.${(index + 1) & 255}/16`;
export const starAddress6 = (index: number): string => `fd77::${(index + 1).toString(16)}/64`;

export const bareNode = (name: string): PlanNode => ({
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
  resolvers: [],
});

export const toSteps = (actions: readonly StepAction[]): Step[] =>
  actions.map((action, index) => ({
    id: `${action.kind}-${index}`,
    do: action,
    command: `the command of ${action.kind} ${index}`,
    undo: '',
  }));

/** A plan of two hosts and the given steps after their namespaces. */
export const pairPlan = (actions: readonly StepAction[]): Plan => ({
  ...EMPTY,
  scenario: 'pair',
  nodes: ['left', 'right'].map(bareNode),
  steps: toSteps([
    { kind: 'namespace', node: 'left' },
    { kind: 'namespace', node: 'right' },
    {
      kind: 'veth',
      network: 'wire',
      left: { node: 'left', interface: 'left-wire', mac: '02:00:00:00:00:01' },
      right: { node: 'right', interface: 'right-wire', mac: '02:00:00:00:00:02' },
      mtu: 1500,
      offload: false,
    },
    ...actions,
  ]),
});

/** Runs `action` with a folder of its own, gone afterwards. */
export async function withFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-lab-test-'));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
