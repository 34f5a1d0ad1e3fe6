// Asks the kernel for the MAC address of a neighbour, and has it find one out: ip-neighbour(8) `get` and `add … use`.
import type { IpAddress } from '../../base/addresses.ts';
import { addressFamily } from './family.ts';
import { type NetlinkMessage, NLM_F_CREATE } from './message.ts';
import { query } from './query.ts';
import { NetlinkError, exchange } from './socket.ts';

const RTM_NEWNEIGH = 28;
const RTM_GETNEIGH = 30;
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NTF_USE = 0x01;
const NUD_NONE = 0;
/** NUD_VALID: REACHABLE, STALE, DELAY, PROBE, NOARP and PERMANENT. */
const NUD_VALID = 0x02 | 0x04 | 0x08 | 0x10 | 0x40 | 0x80;
/** Bytes of `struct ndmsg`, and where `ndm_state` is in it. */
const HEADER_LENGTH = 12;
const STATE_OFFSET = 8;

/** The MAC address of a neighbour of the namespace that this thread is in; undefined when it is not known (yet). */
export function findNeighbour(index: number, address: IpAddress): Uint8Array | undefined {
  try {
    const { header, attributes } = query(neighbourAt(index, address), RTM_NEWNEIGH, HEADER_LENGTH);
    const mac = attributes.get(NDA_LLADDR);
    // The kernel writes numbers in the machine's order, and all states that are valid fit the low byte.
    const state = header.byteLength === HEADER_LENGTH ? header.getUint16(STATE_OFFSET, true) : 0;
    if (!mac || (state & NUD_VALID) === 0) return undefined;
    return Uint8Array.from(new Uint8Array(mac.buffer, mac.byteOffset, mac.byteLength));
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Has the kernel ask for it, as if a packet were to leave; `findNeighbour` knows it once it has answered. */
export function askForNeighbour(index: number, address: IpAddress): void {
  exchange([
    {
      ...neighbourAt(index, address, NTF_USE),
      type: RTM_NEWNEIGH,
      flags: NLM_F_CREATE,
    },
  ]);
}

const neighbourAt = (index: number, address: IpAddress, flags = 0): NetlinkMessage => ({
  type: RTM_GETNEIGH,
  flags: 0,
  body: (out) => {
    out.u8(addressFamily(address.family));
    out.u8(0);
    out.u16(0);
    out.u32(index);
    out.u16(NUD_NONE);
    out.u8(flags);
    out.u8(0);
    out.attributeBytes(NDA_DST, address.bytes);
  },
});
