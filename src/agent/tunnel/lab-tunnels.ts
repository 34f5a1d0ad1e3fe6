// The tunnels of a lab whose clients are in this machine's share, from the agent's main thread.
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { invariant, unreachable } from '../../base/invariant.ts';
import type { Migration } from '../../model/tunnel.ts';
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
import { type Traveller, travellersOf } from './travellers.ts';
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
  readonly traveller: Traveller;
  readonly reporter: TunnelReporter;
  /** Null of a tunnel that is over no other. */
  readonly thread: MigrationThread | null;
}

export function createLabTunnels(context: AgentContext, devices: TunnelDevices): LabTunnels {
  const { plan, directory } = context;
  const isHere = (name: string): boolean => devices.at(name, 'client') !== undefined;
  const tunnels = (plan.tunnels ?? []).filter(({ name }) => isHere(name));
  const own = travellersOf(plan).filter(({ ends }) => ends.every(isHere));
  const running = new Map<string, Running>();
  let timer: NodeJS.Timeout | undefined;
  let underWay = Promise.resolve();

  const begin = async (traveller: Traveller): Promise<void> => {
    const { name, node, ends, migration } = traveller;
    const { implementation } = endOf(ends[0] ?? '');
    const reporter = new TunnelReporter({ name, node }, join(directory, 'logs'), {
      ...{ implementation, version: await wireguardVersion(implementation) },
      emit: (event) => context.emit(event),
    });
    const thread = migration ? startThread(traveller, migration, reporter) : null;
    running.set(name, { traveller, reporter, thread });
    await thread?.ready;
  };
  const startThread = (
    { name, node, ends, over }: Traveller,
    migration: Migration,
    reporter: TunnelReporter,
  ): MigrationThread =>
    new MigrationThread(
      {
        ...{ tunnel: name, migration, seed: plan.seed, namespaceFd: context.namespaceFd(node) },
        counted: ends.map((end) => endOf(end).index),
        carriers: carriersOf(over),
      },
      {
        switched: (one) => reporter.switched(one),
        broken: (fault) => void tellBreak(node, over, fault, reporter),
      },
    );
  const tellBreak = async (
    node: string,
    over: readonly string[],
    fault: Fault,
    reporter: TunnelReporter,
  ): Promise<void> => {
    if (!(await devices.hasTold(node, over))) reporter.broken(fault);
  };
  const endOf = (name: string): { index: number; implementation: 'kernel' | 'wireguard-go' } => {
    const end = devices.at(name, 'client');
    invariant(end, `Tunnel "${name}" goes over tunnels of its own client`);
    return end.device;
  };
  const carriersOf = (over: readonly string[]): Carrier[] =>
    over.map((name) => ({ tunnel: name, interface: endOf(name).index }));
  const count = async ({ name, node, ends, over }: Traveller): Promise<TunnelCount> => {
    const shaken = await Promise.all(ends.map((end) => handshakesOf(end, devices)));
    const passages =
      over.length === 0 ? NONE : await readPassages({ name, over }, context.namespaceFd(node));
    return {
      handshakes: {
        client: shaken.every(({ client }) => client),
        server: shaken.every(({ server }) => server),
      },
      ...passages,
    };
  };
  const report = async (): Promise<void> => {
    for (const one of own) running.get(one.name)?.reporter.counted(await count(one));
  };
  const reportInTime = (): void => {
    timer = setTimeout(() => {
      underWay = report().then(
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
      await shakeHands(tunnels, devices, ({ name }, reason) =>
        running.get(name)?.reporter.say(`${reason}. It is tried again each 5 s`),
      );
      await report();
      for (const { traveller, thread } of running.values())
        if (traveller.migration?.atStart) await thread?.change({ kind: 'migrate', enabled: true });
      reportInTime();
    },
    control: async (name, change) => {
      const found = running.get(name);
      if (!found?.thread) throw new Fault('run', `The lab has no tunnel "${name}" that migrates`);
      await found.thread.change(toMigration(change, found.traveller));
      found.reporter.say(describeChange(change));
    },
    stop: async () => {
      clearTimeout(timer);
      timer = undefined;
      await underWay;
      await Promise.all([...running.values()].flatMap(({ thread }) => thread?.stop() ?? []));
      await report();
      await Promise.all([...running.values()].map(({ reporter }) => reporter.close()));
      running.clear();
    },
  };
}

function toMigration(change: TunnelChange, { name, over }: Traveller): MigrationChange {
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
