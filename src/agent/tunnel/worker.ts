// Entry of a migration's thread: moves into the client's network namespace and has its tunnel go one way after the other until told to stop.
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { invariant, unreachable } from '../../base/invariant.ts';
import { enterNamespace } from '../../kernel/namespace.ts';
import { readLinkCounters } from '../../kernel/netlink/link-counters.ts';
import { NetlinkError } from '../../kernel/netlink/socket.ts';
import { hurry } from '../../kernel/schedule.ts';
import { clockMicros } from '../../kernel/waiter.ts';
import { migrationRandom } from '../../roles/tunnel/shares.ts';
import { toAgentFault } from '../rpc.ts';
import { Migrator } from './migrator.ts';
import {
  type Carrier,
  type MigrationChange,
  type MigrationCommand,
  type MigrationOrder,
  type MigrationReply,
  SHARED,
} from './order.ts';
import { WayInForce } from './way-in-force.ts';

const port = parentPort;
invariant(port, 'A migration thread is started by its agent');
const post = (reply: MigrationReply): void => port.postMessage(reply);
try {
  serve(port, workerData as MigrationOrder);
} catch (error) {
  post({ kind: 'fault', fault: toAgentFault(error) });
}

function serve(port: MessagePort, order: MigrationOrder): void {
  hurry();
  enterNamespace(order.namespaceFd);
  const { tunnel, migration, carriers } = order;
  const way = new WayInForce(
    migration,
    carriers.map((carrier) => carrier.interface),
  );
  const migrator = new Migrator(
    migration,
    carriers.map((carrier) => carrier.tunnel),
    migrationRandom(order.seed, tunnel),
    {
      now: () => performance.now(),
      sent: () =>
        order.counted.reduce((sum, index) => sum + readLinkCounters(index).sentPackets, 0),
      go: (path) => {
        const carrier = carriers[path];
        invariant(carrier, 'A policy leads to the paths that it was given');
        const start = clockMicros();
        lead(way, carrier);
        const end = clockMicros();
        const micros = Math.round(end - start);
        post({ kind: 'switch', time: Math.floor(end), to: carrier.tunnel, micros });
      },
    },
  );
  const shared = new Int32Array(order.shared);
  post({ kind: 'ready' });
  for (;;) {
    // Whoever says something after this ends the wait before it begins.
    const wakes = Atomics.load(shared, SHARED.wakes);
    if (Atomics.load(shared, SHARED.stop) === 1) break;
    hear(port, migrator);
    const due = migrator.turn();
    Atomics.wait(shared, SHARED.wakes, wakes, due === Infinity ? undefined : due);
  }
  way.close();
}

function lead(way: WayInForce, { tunnel, interface: into }: Carrier): void {
  try {
    way.lead(into);
  } catch (cause) {
    if (!(cause instanceof NetlinkError)) throw cause;
    throw new Fault('run', `It cannot go over "${tunnel}": ${cause.message}`, { cause });
  }
}

function hear(port: MessagePort, migrator: Migrator): void {
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: MigrationCommand } | undefined;
    if (!received) return;
    const { id, change } = received.message;
    try {
      obey(change, migrator);
      post({ kind: 'answer', id });
    } catch (error) {
      post({ kind: 'answer', id, fault: toAgentFault(error) });
    }
  }
}

function obey(change: MigrationChange, migrator: Migrator): void {
  switch (change.kind) {
    case 'migrate':
      migrator.enable(change.enabled);
      return;
    case 'switch':
      migrator.switchTo(change.path);
      return;
    default:
      unreachable(change, 'change of a migration');
  }
}
