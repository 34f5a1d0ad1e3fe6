import type { IpAddress } from '../../base/addresses.ts';

/** Where a packet that we make leaves its network stack. */
export interface Hop {
  readonly interface: string;
  /** MAC addresses of the next hop and of the interface, 12 bytes as they begin a frame; zeros on loopback. */
  readonly macs: Uint8Array;
}

/** The way out of one network stack. */
export interface Egress {
  /** Throws a Fault where there is no way, or nobody answers at the next hop. */
  find(source: IpAddress, destination: IpAddress): Promise<Hop>;
}

export const LOOPBACK: Hop = { interface: 'lo', macs: new Uint8Array(12) };
