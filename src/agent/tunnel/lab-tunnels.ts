// The tunnels of a lab whose clients are in this machine's share, from the agent's main thread.
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { invariant, unreachable } from '../../base/invariant.ts';
import type { Migration, PlanTunnel } from '../../model/tunnel.ts';
import type { TunnelChange } from '../../model/traffic.ts';
import type { AgentContext } from '../context.ts';
import { nowMicros } from '../endpoint/clock.ts';
import { toAgentFault } from '../rpc.ts';
import { wireguardVersion } from '../wireguard/version.ts';
import type { TunnelDevices } from './devices.ts';
import { handshakesOf, shakeHands } from './handshakes.ts';
import { MigrationThread } from './migration-thread.ts';
import type { Carrier, MigrationChange } from './order.ts';
import { type Passages, readPassages } from './passages.ts';
import { type TunnelCount, TunnelReporter } from './tunnel-reporter.ts';

export interface LabTunnels {
  /** Resolves when each has had its first handshake, or none in time, and those migrate that do from the beginning. */
  start(): Promise<void>;
  /** Resolves when it is in force. */
  control(tunnel: string, change: TunnelChange): Promise<void>;
  /** Ends all migrations, once the last of each tunnel has been told. */
  stop(): Promise<void>;
}

/** Between two reports, milliseconds. */
const EVERY = 1000;

const NONE: Passages = { ways: [], leaked: 0 };

interface Running {
  readonly tunnel: PlanTunnel;
  readonly reporter: TunnelReporter;
  /** Null of a tunnel that is over no other. */
  readonly thread: MigrationThread | null;
}

export function createLabTunnels(context: AgentContext, devices: TunnelDevices): LabTunnels {
  const { plan, directory } = context;
  const own = (plan.tunnels ?? []).filter(({ name }) => devices.at(name, 'client'));
  const running = new Map<string, Running>();
  let timer: NodeJS.Timeout | undefined;

  const begin = async (tunnel: PlanTunnel): Promise<void> => {
    const { implementation } = endOf(tunnel.name);
    const reporter = new TunnelReporter(tunnel, join(directory, 'logs'), {
      ...{ implementation, version: await wireguardVersion(implementation) },
      emit: (event) => context.emit(event),
    });
    const { migration } = tunnel;
    const thread = migration ? startThread(tunnel, migration, reporter) : null;
    running.set(tunnel.name, { tunnel, reporter, thread });
    await thread?.ready;
  };
  const startThread = (
    tunnel: PlanTunnel,
    migration: Migration,
    reporter: TunnelReporter,
  ): MigrationThread =>
    new MigrationThread(
      {
        ...{ tunnel: tunnel.name, migration, seed: plan.seed },
        namespaceFd: context.namespaceFd(tunnel.client.node),
        interface: endOf(tunnel.name).index,
        carriers: carriersOf(tunnel),
      },
      {
        switched: (one) => reporter.switched(one),
        broken: (fault) => void tellBreak(tunnel, fault, reporter),
      },
    );
  const tellBreak = async (
    { client, over }: PlanTunnel,
    fault: Fault,
    reporter: TunnelReporter,
  ): Promise<void> => {
    if (!(await devices.hasTold(client.node, over))) reporter.broken(fault);
  };
  const endOf = (name: string): { index: number; implementation: 'kernel' | 'wireguard-go' } => {
    const end = devices.at(name, 'client');
    invariant(end, `Tunnel "${name}" goes over tunnels of its own client`);
    return end.device;
  };
  const carriersOf = ({ over }: PlanTunnel): Carrier[] =>
    over.map((name) => ({ tunnel: name, interface: endOf(name).index }));
  const count = async (tunnel: PlanTunnel): Promise<TunnelCount> => {
    const namespace = context.namespaceFd(tunnel.client.node);
    const passages = tunnel.over.length === 0 ? NONE : await readPassages(tunnel, namespace);
    return { handshakes: await handshakesOf(tunnel.name, devices), ...passages };
  };
  const report = async (): Promise<void> => {
    // In the plan's order, in which they are then in the record.
    for (const tunnel of own) running.get(tunnel.name)?.reporter.counted(await count(tunnel));
  };
  const reportInTime = (): void => {
    timer = setTimeout(() => {
      void report().then(
        // One that has been stopped meanwhile has had its last report.
        () => timer && reportInTime(),
        (error: unknown) =>
          context.emit({ kind: 'broken', time: nowMicros(), fault: toAgentFault(error) }),
      );
    }, EVERY);
  };
  return {
    start: async () => {
      if (own.length === 0) return;
      await Promise.all(own.map(begin));
      await shakeHands(own, devices, ({ name }, reason) =>
        running.get(name)?.reporter.say(`${reason}. It is tried again each 5 s`),
      );
      await report();
      for (const { tunnel, thread } of running.values())
        if (tunnel.migration?.atStart) await thread?.change({ kind: 'migrate', enabled: true });
      reportInTime();
    },
    control: async (name, change) => {
      const found = running.get(name);
      if (!found?.thread) throw new Fault('run', `The lab has no tunnel "${name}" that migrates`);
      await found.thread.change(toMigration(change, found.tunnel));
      found.reporter.say(describeChange(change));
    },
    stop: async () => {
      clearTimeout(timer);
      timer = undefined;
      await Promise.all([...running.values()].flatMap(({ thread }) => thread?.stop() ?? []));
      await report();
      await Promise.all([...running.values()].map(({ reporter }) => reporter.close()));
      running.clear();
    },
  };
}

function toMigration(change: TunnelChange, { name, over }: PlanTunnel): MigrationChange {
  switch (change.kind) {
    case 'migrate':
      return change;
    case 'switch': {
      const path = over.indexOf(change.to);
      if (path < 0) throw new Fault('run', `Tunnel "${name}" does not go over "${change.to}"`);
      return { kind: 'switch', path };
    }
    default:
      return unreachable(change, 'change of a tunnel');
  }
}

const describeChange = (change: TunnelChange): string =>
  change.kind === 'switch'
    ? `is to go over ${change.to}`
    : change.enabled
      ? 'migrates from now on'
      : 'migrates no more';
