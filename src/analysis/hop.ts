/** A packet leaves a node, a router or a bridge, into a network, or enters it from one. */
export interface Hop {
  readonly node: string;
  readonly network: string;
  readonly side: 'out' | 'in';
}
