// Entry of a relay's thread: moves into its node's network namespace, listens, says so, and carries sessions until told to stop.
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { invariant, unreachable } from '../../base/invariant.ts';
import { enterNamespace } from '../../kernel/namespace.ts';
import { hurry } from '../../kernel/schedule.ts';
import { describeAddress } from '../../model/stream-address.ts';
import type { Relay } from '../../roles/relay/relay-port.ts';
import { compileProtocol } from '../../wire/protocol/compile-protocol.ts';
import { toAgentFault } from '../rpc.ts';
import {
  type RelayAnswer,
  type RelayChange,
  type RelayMessage,
  type RelayOrder,
  type RelayReply,
  SHARED,
} from './order.ts';
import { Outbox } from './outbox.ts';
import { NameDesk } from './name-desk.ts';
import { PoolDesk } from './pool/pool-desk.ts';
import { rehearse } from './rehearse.ts';
import { RelayLoop } from './relay-loop.ts';
import { chooseRelay } from './choose-relay.ts';
import { StatisticsClock } from '../thread/statistics-clock.ts';

const port = parentPort;
invariant(port, 'A relay thread is started by its agent');
const post = (reply: RelayReply): void => port.postMessage(reply);
try {
  serve(port, workerData as RelayOrder);
} catch (error) {
  post({ kind: 'fault', fault: toAgentFault(error) });
}

function serve(port: MessagePort, order: RelayOrder): void {
  if (order.namespaceFd !== null) enterNamespace(order.namespaceFd);
  const shared = new Int32Array(order.shared);
  const outbox = new Outbox(shared, order.wanted, post);
  const names = new NameDesk((ticket, host) => post({ kind: 'lookup', ticket, host }));
  const protocol = compileProtocol(order.spec.protocol);
  const relay = chooseRelay(order.spec, protocol, order.seed);
  const loop = new RelayLoop({
    spec: order.spec,
    event: order.event,
    listenOn: order.listenOn,
    relay,
    outbox,
    lookUp: (host, onAnswer) => names.lookUp(host, onAnswer),
    process: (session, ticket, work) => pool.give(session, ticket, work),
  });
  const pool = new PoolDesk(order.workers);
  const isStopped = (): boolean => Atomics.load(shared, SHARED.stop) === 1;
  rehearse(order.spec, protocol, order, isStopped);
  const listening = loop.listen().map(describeAddress);
  const clock = new StatisticsClock(() => {
    outbox.reportLosses();
    return loop.statistics();
  }, post);
  let heard = 0;
  let outcomes = 0;
  hurry();
  post({ kind: 'ready', listening });
  try {
    loop.run(isStopped, () => {
      for (; heard !== Atomics.load(shared, SHARED.messages); heard += 1)
        hear(port, { loop, names, relay, outbox });
      if (outcomes !== Atomics.load(shared, SHARED.outcomes)) {
        outcomes = Atomics.load(shared, SHARED.outcomes);
        pool.take(({ session, ticket, outcome }) => loop.processed(session, ticket, outcome));
      }
      outbox.flush(loop.now);
      clock.turn(loop.now);
    });
    loop.end();
  } finally {
    // What waits may tell why it broke.
    outbox.end();
  }
  clock.end();
}

interface Parts {
  readonly loop: RelayLoop;
  readonly names: NameDesk;
  readonly relay: Relay;
  readonly outbox: Outbox;
}

/** The message was posted before it was counted: it is there. */
function hear(port: MessagePort, { names, outbox, ...obeying }: Parts): void {
  const received = receiveMessageOnPort(port) as { readonly message: RelayMessage } | undefined;
  invariant(received, 'A message is posted before it is counted');
  const { message } = received;
  switch (message.kind) {
    case 'addresses':
      names.answer(message.ticket, message.addresses, message.failure);
      return;
    case 'command':
      // What happened before it is heard of before it.
      outbox.end();
      try {
        post({ kind: 'answer', id: message.id, answer: obey(message.change, obeying) });
      } catch (error) {
        post({ kind: 'answer', id: message.id, answer: {}, fault: toAgentFault(error) });
      }
  }
}

function obey(change: RelayChange, { loop, relay }: Omit<Parts, 'names' | 'outbox'>): RelayAnswer {
  switch (change.kind) {
    case 'faults':
      relay.setFaults(change.faults, loop.now);
      return {};
    case 'rule':
      relay.setRule(change.name, change.isEnabled);
      return {};
    case 'relay':
      if (change.isEnabled && !loop.isListening) loop.listen();
      if (!change.isEnabled && loop.isListening) loop.shut();
      return {};
    case 'reset-session':
      return loop.resetSession(change.session) ? {} : { isMissing: true };
    case 'sessions':
      return { sessions: loop.sessions() };
    case 'statistics':
      return { statistics: loop.statistics() };
    default:
      return unreachable(change, 'change of a relay');
  }
}
