// A lab's packet loop: every ring and queue that the order asks for, opened in its namespace.
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { ForwardedPackets } from '../../kernel/forwarded-packets.ts';
import { FrameMemory, PacketRing, type RingSize, openRings } from '../../kernel/packet-ring.ts';
import { NetlinkSocket } from '../../kernel/netlink/socket.ts';
import { masqueradesOf } from '../../model/masquerades.ts';
import type { PlanCensor, PlanNetwork, PlanNode } from '../../model/plan.ts';
import { OnnxEvaluator } from '../../onnx/evaluator.ts';
import type { Censor } from '../../roles/censor/censor.ts';
import { createCensor } from '../../roles/censor/create-censor.ts';
import type { ProgramDesk } from '../../roles/censor/program/program-desk.ts';
import { Forwarder } from '../../roles/forward/forwarder.ts';
import { buildRouteTable } from '../../roles/forward/route-table.ts';
import { membersBehind } from './behind-port.ts';
import { BridgePath } from './bridge-path.ts';
import { Carrier } from './carry/carrier.ts';
import { CensorSet } from './censor-set.ts';
import { EmissionQueue } from './emission-queue.ts';
import type { EventReporter } from './event-reporter.ts';
import type { Judge } from './judge-chain.ts';
import { Interceptions } from './intercept/interceptions.ts';
import { lossCounter } from './loss-report.ts';
import { planMemory } from './memory-plan.ts';
import { nodeAddresses } from './node-addresses.ts';
import { NodePath } from './node-path.ts';
import type { Loss, PacketOrder } from './order.ts';
import { PacketLoop, ringSource } from './packet-loop.ts';
import type { ProgramWord } from './program/control-line.ts';
import { ProgramControl } from './program/program-control.ts';
import { QueuePath } from './queue-path.ts';
import { RawInjector } from './raw-injector.ts';
import { SegmentSwitch } from './segment-switch.ts';
import { type NodeWork, listRingInterfaces, listWork } from './work.ts';

/** Hears of packets lost; `place` is a node, a network or the lab. */
export type TellLoss = (loss: Loss) => void;

export interface LabLoop {
  readonly loop: PacketLoop;
  readonly censors: CensorSet;
  readonly interceptions: Interceptions;
}

export function buildLabLoop(
  order: PacketOrder,
  reporter: EventReporter,
  tellLoss: TellLoss,
  tellProgram: (word: ProgramWord) => void,
): LabLoop {
  const work = listWork(order.plan, order.segments);
  const builder = new LoopBuilder(order, reporter, tellLoss, tellProgram);
  for (const network of work.networks) builder.addSwitch(network);
  for (const item of work.nodes) builder.addNode(item);
  builder.open();
  return builder;
}

class LoopBuilder implements LabLoop {
  readonly loop: PacketLoop;
  readonly censors: CensorSet;
  readonly interceptions: Interceptions = new Interceptions();
  readonly #order: PacketOrder;
  readonly #reporter: EventReporter;
  readonly #tellLoss: TellLoss;
  readonly #tellProgram: (word: ProgramWord) => void;
  readonly #ringSize: RingSize;
  readonly #rings: PacketRing[] = [];

  constructor(
    order: PacketOrder,
    reporter: EventReporter,
    tellLoss: TellLoss,
    tellProgram: (word: ProgramWord) => void,
  ) {
    this.#tellProgram = tellProgram;
    this.#order = order;
    this.censors = new CensorSet((censor) => this.#makeCensor(censor));
    this.#reporter = reporter;
    this.#tellLoss = tellLoss;
    const work = listWork(order.plan, order.segments);
    const sizes = planMemory(listRingInterfaces(order.plan, work));
    this.#ringSize = sizes.ring;
    const memory = new FrameMemory(sizes.totalBytes);
    const { ring, poolBytes, waitingBytes } = sizes;
    const queue = new EmissionQueue(memory, ring.slotBytes, poolBytes, waitingBytes);
    const loop = new PacketLoop(memory, queue, order.event);
    this.loop = loop;
    const { interceptor } = this.interceptions;
    loop.addClock(interceptor);
    this.#count(
      'lab',
      () => interceptor.refused,
      'connections not intercepted: they were not seen from their beginning, or were too many',
    );
    this.#count('lab', () => queue.dropped, 'packets lost: too many bytes wait to be sent later');
    this.#count('lab', () => loop.transmitter.lost, 'packets lost: an interface did not take them');
    this.#count('lab', () => reporter.lost, 'censor events lost: too many at once');
  }

  addSwitch(network: PlanNetwork): void {
    const { plan } = this.#order;
    const { loop } = this;
    const segment = this.#enter(
      null,
      () =>
        new SegmentSwitch(loop, network, plan.seed, (name) => this.#addRing(network.name, name)),
    );
    for (const port of segment.ports) {
      loop.add(ringSource(port.ring, port));
      const { impairer } = port;
      if (impairer)
        this.#count(
          network.name,
          () => impairer.overflowed,
          'frames dropped: the queue of the rate was full',
          true,
        );
    }
  }

  addNode({ node, mode, censors }: NodeWork): void {
    const { plan } = this.#order;
    const { loop } = this;
    const judges = censors.map((censor): Judge => ({
      box: this.censors.take(censor),
      holds: censor.position === 'in-path',
    }));
    const common = { node: node.name, judges };
    this.#enter(node.name, () => {
      if (mode === 'queue') {
        const injector = new RawInjector(loop);
        const path = new QueuePath(loop, this.#reporter, { ...common, injector });
        loop.add(path);
        this.#count(node.name, () => path.lost, 'packets lost: the queue to the censor was full');
        this.#count(
          node.name,
          () => injector.refused,
          'packets of the censor that the kernel refused',
        );
        return;
      }
      if (node.bridge !== undefined) {
        this.#addBridge(node, judges, mode === 'ring');
        return;
      }
      const rings = node.interfaces.map(({ name }) => this.#addRing(node.name, name));
      const addresses = nodeAddresses(node);
      const carrier = new Carrier({
        rings,
        own: addresses.flat(),
        kernel:
          mode === 'ring'
            ? { netlink: new NetlinkSocket(), forwarded: new ForwardedPackets() }
            : null,
      });
      const forwarder = new Forwarder({ routes: buildRouteTable(node, plan.networks), addresses });
      // Where rules or NAT decide the way, only the kernel knows it.
      const injector =
        node.rules.length > 0 || masqueradesOf(plan, node).length > 0
          ? new RawInjector(loop)
          : undefined;
      const path = new NodePath(loop, this.#reporter, {
        ...common,
        rings,
        forwarder,
        forwards: mode === 'ring',
        injector: mode === 'ring' ? undefined : injector,
        carrier,
      });
      for (const ring of rings) loop.add(ringSource(ring, path));
      loop.addTask(path);
      this.censors.count(censors, () => path.carried);
      this.#count(node.name, () => path.malformed, 'packets dropped: malformed IP header');
      this.#count(node.name, () => path.unroutable, 'packets of the censor that have no route');
    });
  }

  #addBridge(
    { name: node, interfaces }: PlanNode,
    judges: readonly Judge[],
    forwards: boolean,
  ): void {
    const ports = interfaces.map(({ name, network, mtu }) => ({
      ring: this.#addRing(node, name),
      mtu,
      members: membersBehind(this.#order.plan, node, network),
    }));
    const path = new BridgePath(this.loop, this.#reporter, { node, ports, judges, forwards });
    for (const port of path.ports) this.loop.add(ringSource(port.ring, port));
    this.#count(node, () => path.unroutable, 'packets of the censor to addresses that nobody has');
    this.#count(node, () => path.tooLong, 'packets of the censor that are longer than the MTU');
  }

  #makeCensor(censor: PlanCensor): Censor {
    const evaluator = this.#openModels(censor);
    const { interceptor } = this.interceptions;
    const spec = { ...censor, evaluator, interceptor };
    const box = createCensor(censor.name, spec, this.#order.plan.seed);
    this.#addProgram(censor, box.program);
    return box;
  }

  /** Null where there are none. */
  #openModels({ on, name, models }: PlanCensor): OnnxEvaluator | null {
    if (models.length === 0) return null;
    const evaluator = new OnnxEvaluator(models, process.cwd());
    const { counters } = evaluator;
    const what = `packets without an answer of the models of ${name}`;
    this.#count(on, () => counters.late + counters.failed, what, true);
    return evaluator;
  }

  #addProgram({ name, on }: PlanCensor, desk: ProgramDesk | null): void {
    if (desk === null) return;
    const fd = this.#order.programs.find(([censor]) => censor === name)?.[1];
    invariant(fd !== undefined, `The packet thread hears of the program of "${name}"`);
    const control = new ProgramControl(this.loop, desk, fd, (word) =>
      this.#tellProgram({ censor: name, ...word }),
    );
    this.loop.add(control);
    this.loop.addClock(control);
    const { counters } = desk;
    const undecided = (): number =>
      counters.timedOut + counters.overflowed + counters.unattended + counters.failed;
    this.#count(
      on,
      undecided,
      `packets decided by "onError": the program of ${name} did not`,
      true,
    );
  }

  /** Nothing is received before. */
  open(): void {
    openRings(this.loop.memory, this.#rings, this.#ringSize);
  }

  #addRing(place: string, name: string): PacketRing {
    const ring = new PacketRing(this.loop.memory, name, this.#ringSize);
    this.#rings.push(ring);
    this.#count(place, () => ring.countDrops(), `frames lost: the ring of ${name} was full`);
    this.#count(
      place,
      () => ring.truncated,
      `frames lost: longer than the ring of ${name} can hold`,
    );
    return ring;
  }

  #count(place: string, read: () => number, what: string, isDeclared = false): void {
    this.loop.count(
      lossCounter(read, (count) => this.#tellLoss({ place, count, what, isDeclared })),
    );
  }

  #enter<T>(node: string | null, action: () => T): T {
    const fd = this.#order.namespaces.find(([name]) => name === node)?.[1];
    invariant(fd !== undefined, `The packet thread knows the namespace of "${node ?? 'segment'}"`);
    return inNamespace(fd, action);
  }
}
