// The network stacks of a lab: one namespace a node, its own or a container's, and one for the lab's own segment, where bridges and switches live.
import { createNetworkNamespace, openNetworkNamespace } from '../../kernel/namespace.ts';
import { invariant } from '../../base/invariant.ts';

/** Interfaces get indexes from here on: below are those that the kernel makes by itself in each namespace. */
const FIRST_INDEX = 100;

/** What is known of the stacks without asking the kernel. */
export class Stacks {
  readonly #nodes = new Map<string, number>();
  readonly #indexes = new Map<string, number>();
  readonly #bridges = new Map<string, string>();
  readonly #machines = new Set<string>();
  #nextIndex = FIRST_INDEX;
  /** The agent's own namespace: it is the lab's, and a gateway to the outside can be given it from the machine. */
  readonly #segment = openNetworkNamespace();

  create(node: string): void {
    invariant(!this.#nodes.has(node), `Node "${node}" gets one namespace`);
    this.#nodes.set(node, createNetworkNamespace());
  }

  /** Takes a namespace that others made, a container's, as that of a node. */
  adopt(node: string, fd: number): void {
    invariant(!this.#nodes.has(node), `Node "${node}" gets one namespace`);
    this.#nodes.set(node, fd);
  }

  /** Takes the machine's own stack as that of a node: several nodes may be in it, and so are others. */
  adoptMachine(node: string, fd: number): void {
    this.adopt(node, fd);
    this.#machines.add(node);
  }

  /** Whether the node's stack is the machine's, where indexes and names are not ours to give. */
  isMachine(node: string | null): boolean {
    return node !== null && this.#machines.has(node);
  }

  /** The file descriptor of a node's namespace; null is the lab's own segment. */
  fd(node: string | null): number {
    if (node === null) return this.#segment;
    const fd = this.#nodes.get(node);
    invariant(fd !== undefined, `Node "${node}" has a namespace before it is used`);
    return fd;
  }

  /** Node name → file descriptor. */
  descriptors(): Record<string, number> {
    return Object.fromEntries(this.#nodes);
  }

  /**
   * Gives an interface its index; the kernel is told, not asked. No two interfaces of the lab share one: the kernel takes
   * a veth end whose peer has its own index for no veth, and lets it wait up to a second for its carrier
   * (linkwatch_urgent_event()).
   */
  assignIndex(node: string | null, name: string): number {
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    this.#indexes.set(indexKey(node, name), index);
    return index;
  }

  /** Notes an index that the kernel gave. */
  noteIndex(node: string, name: string, index: number): void {
    this.#indexes.set(indexKey(node, name), index);
  }

  /** Notes the bridge that joins a network's members. */
  noteBridge(network: string, name: string): void {
    this.#bridges.set(network, name);
  }

  /** The bridge that joins a network's members; undefined where there is none. */
  bridge(network: string): string | undefined {
    return this.#bridges.get(network);
  }

  /** A name for a device in the segment that the plan does not name; none that it does name looks like it. */
  inventName(): string {
    for (let number = 0; ; number += 1) {
      const name = `runner${number}`;
      if (!this.#indexes.has(indexKey(null, name))) return name;
    }
  }

  index(node: string | null, name: string): number {
    const index = this.#indexes.get(indexKey(node, name));
    const where = node === null ? 'the segment' : `node "${node}"`;
    invariant(index !== undefined, `Interface "${name}" of ${where} is made before it is used`);
    return index;
  }
}

// A slash is in no interface name (netdevice names, dev_valid_name()).
const indexKey = (node: string | null, name: string): string => `${name}/${node ?? ''}`;
