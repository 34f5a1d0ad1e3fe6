// Which packets a tap is to take.
import type { IpPrefix } from '../../../base/addresses.ts';

/** Packets from one place to another. */
export interface Wish {
  /** `IP_PROTOCOL` of TCP or UDP. */
  readonly protocol: number;
  readonly from: WishedPlace | null;
  /** Of the same family. */
  readonly to: WishedPlace | null;
  /** Whether only their headers are wanted. */
  readonly isHead: boolean;
}

export interface WishedPlace {
  readonly prefix: IpPrefix;
  /** Null: any. */
  readonly port: number | null;
}

/** Bytes of a frame that hold all headers: 14 of Ethernet, 60 of IPv4 or 40 of IPv6 with extensions, 60 of TCP. */
export const HEAD_BYTES = 192;
