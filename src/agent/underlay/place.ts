// What an underlay is made in, and what VXLAN is told of it.

/** Where VXLAN meets the underlay. */
export interface UnderlayPlace {
  /** Descriptor of the namespace in which VXLAN's UDP sockets are opened. */
  readonly namespaceFd: number;
  /** This machine's address there. */
  readonly own: string;
  /** Machine → its address there. */
  readonly peers: Readonly<Record<string, string>>;
}

/** The stacks that an underlay is made in; descriptors. */
export interface UnderlayStacks {
  /** The machine's own. */
  readonly machine: number;
  /** The lab's segment. */
  readonly segment: number;
  readonly labId: string;
  /** An index for an interface of the segment. */
  assignIndex(name: string): number;
}
