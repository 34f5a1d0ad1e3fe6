// What must hold of the underlay before VXLAN is laid over it.
import { networkInterfaces } from 'node:os';
import { type IpAddress, formatIp, parseIp, sameIp } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import { findPath } from '../../kernel/netlink/path.ts';
import { NetlinkError } from '../../kernel/netlink/socket.ts';

/**
 * Bytes that VXLAN puts around an IP packet: the inner Ethernet header (14), VXLAN's (8), UDP's (8) and the outer IP header (20
 * or 40). RFC 7348 section 5.
 */
export const vxlanOverhead = (outer: IpAddress['family']): number =>
  14 + 8 + 8 + (outer === 4 ? 20 : 40);

export interface Underlay {
  readonly own: IpAddress;
  readonly peers: ReadonlyMap<string, IpAddress>;
}

/** The addresses that a trunk works with. Throws a machine fault when they do not fit together. */
export function readUnderlay(
  machine: string,
  own: string,
  peers: Readonly<Record<string, string>>,
  wanted: readonly string[],
): Underlay {
  const ownAddress = readAddress(machine, own);
  const found = new Map<string, IpAddress>();
  for (const peer of wanted) {
    const address = readAddress(peer, peers[peer] ?? '');
    if (sameIp(address, ownAddress))
      throw new Fault(
        'machine',
        `Machines "${machine}" and "${peer}" have one underlay address: ${formatIp(address)}`,
        {
          help: 'When they are one computer, put the members of the network on one machine; else give each an "underlay" of its own',
        },
      );
    if (address.family !== ownAddress.family)
      throw new Fault(
        'machine',
        `Machine "${machine}" has an underlay of IPv${ownAddress.family} (${formatIp(ownAddress)}) and machine "${peer}" one of IPv${address.family} (${formatIp(address)})`,
        { help: 'Give both an "underlay" address of the same family' },
      );
    found.set(peer, address);
  }
  return { own: ownAddress, peers: found };
}

/** This thread is in the stack where VXLAN's packets leave. */
export function checkOwnAddress(machine: string, own: IpAddress): void {
  const has = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some(({ address }) => {
      const parsed = parseIp(address);
      return parsed.ok && sameIp(parsed.value, own);
    });
  if (!has)
    throw new Fault(
      'machine',
      `Machine "${machine}" does not have its underlay address itself: ${formatIp(own)}`,
      {
        help: `Give machine "${machine}" an "underlay" address of one of its interfaces; behind a NAT, "underlay: { wireguard: true }" for all machines`,
      },
    );
}

/** Throws a machine fault when packets of `mtu` bytes do not fit through to a peer. This thread is in the same stack. */
export function checkWidth(
  { network, mtu, machine }: { network: string; mtu: number; machine: string },
  peer: string,
  address: IpAddress,
): void {
  const width = pathMtu(machine, peer, address);
  const overhead = vxlanOverhead(address.family);
  if (mtu + overhead <= width) return;
  throw new Fault(
    'machine',
    `Network "${network}" has an MTU of ${mtu} bytes, which VXLAN makes ${mtu + overhead}, and the way from machine "${machine}" to machine "${peer}" (${formatIp(address)}) carries ${width}`,
    { help: `Write "mtu: ${width - overhead}" for network "${network}"` },
  );
}

function pathMtu(machine: string, peer: string, address: IpAddress): number {
  try {
    return findPath(address).mtu;
  } catch (cause) {
    if (!(cause instanceof NetlinkError)) throw cause;
    throw new Fault(
      'machine',
      `Machine "${machine}" has no way to machine "${peer}" at ${formatIp(address)}: ${cause.code}`,
      { help: `Give machine "${peer}" an "underlay" address that the other machines reach`, cause },
    );
  }
}

function readAddress(machine: string, text: string): IpAddress {
  const parsed = parseIp(text);
  if (parsed.ok) return parsed.value;
  throw new Fault(
    'machine',
    `The underlay of machine "${machine}" is no address: ${parsed.error}`,
    {
      help: `Give machine "${machine}" an "underlay" address`,
    },
  );
}
