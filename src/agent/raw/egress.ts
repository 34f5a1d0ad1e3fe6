import type { IpAddress } from '../../base/addresses.ts';

/** An interface for Ethernet frames. */
export interface RawInterface {
  readonly name: string;
  /** In bytes, as the interface hands it over: its MTU, or more where it joins segments. */
  readonly longestPacket: number;
}

/** Where a packet that we make leaves its network stack. */
export interface Hop {
  readonly interface: RawInterface;
  /** MAC addresses of the next hop and of the interface, 12 bytes as they begin a frame; zeros on loopback. */
  readonly macs: Uint8Array;
}

/** The way out of one network stack. */
export interface Egress {
  /** Throws a Fault where there is no way, or nobody answers at the next hop. */
  find(source: IpAddress, destination: IpAddress): Promise<Hop>;
}

/** With segmentation offload a packet is as long as IP allows. */
export const LONGEST_PACKET = 65_535;

export const LOOPBACK: Hop = {
  interface: { name: 'lo', longestPacket: LONGEST_PACKET },
  macs: new Uint8Array(12),
};
