// Forwards IP packets as a router's kernel would: RFC 1812 section 5, RFC 8200 sections 3 and 5. Works on packets where
// they lie; what it makes itself (fragments, ICMP errors) it hands over as new memory.
import type { IpAddress } from '../../base/addresses.ts';
import { IPV4, ipv4DontFragment, ipv4Fault, ipv4HeaderLength } from '../../wire/ipv4.ts';
import { IPV6, ipv6Fault } from '../../wire/ipv6.ts';
import { fragmentIpv4 } from '../../wire/fragment.ts';
import { internetChecksum, updateChecksum } from '../../wire/checksum.ts';
import { readU16, readU8, writeU16 } from '../../wire/bytes.ts';
import { type ForwardFault, buildIcmpError, mayCauseError } from './icmp-error.ts';
import { type Route, type RouteTable, isForwardableSource } from './route-table.ts';
import { TokenBucket } from './token-bucket.ts';

/** Where packets go. `route` is of kind `hop`. */
export interface ForwardOutput {
  /** The packet as it lies in memory now. */
  send(memory: Uint8Array, start: number, end: number, route: Route): void;
  /** A packet that the forwarder made. */
  sendNew(packet: Uint8Array, route: Route): void;
}

export interface ForwarderOptions {
  readonly routes: RouteTable;
  /** By interface index: the addresses that ICMP errors are sent from. */
  readonly addresses: readonly (readonly IpAddress[])[];
}

/** `forward`: to be passed on; `kernel`: the node's own or never forwarded; `malformed`: dropped in silence (RFC 1812 5.2.2). */
export type PacketClass = 'forward' | 'kernel' | 'malformed';

/** Linux's own figures: net.ipv4.icmp_msgs_per_sec and icmp_msgs_burst. */
const ERRORS_PER_SECOND = 1000;
const ERRORS_BURST = 50;

export class Forwarder {
  /** Packets that ended here: TTL exceeded, too big, no route, unreachable or blackhole. */
  dropped = 0;
  readonly #routes: RouteTable;
  readonly #addresses: readonly (readonly IpAddress[])[];
  readonly #errors: TokenBucket = new TokenBucket(ERRORS_PER_SECOND, ERRORS_BURST);

  constructor(options: ForwarderOptions) {
    this.#routes = options.routes;
    this.#addresses = options.addresses;
  }

  /** Says whose packet it is. Where it ends is `ipPacketEnd`: frames may carry padding. */
  classify(memory: Uint8Array, start: number, end: number): PacketClass {
    const family = readU8(memory, start) >>> 4;
    if (family !== 4 && family !== 6) return 'malformed';
    const isV4 = family === 4;
    const length = end - start;
    const fault = isV4
      ? ipv4Fault(memory, start, end, length)
      : ipv6Fault(memory, start, end, length);
    if (fault !== null) return 'malformed';
    if (isV4 && internetChecksum(memory, start, start + ipv4HeaderLength(memory, start)) !== 0)
      return 'malformed';
    const destination = start + (isV4 ? IPV4.destination : IPV6.destination);
    const route = this.#routes.lookup(family, memory, destination);
    if (route?.kind === 'local' || route?.kind === 'ignore') return 'kernel';
    const source = start + (isV4 ? IPV4.source : IPV6.source);
    return isForwardableSource(family, memory, source) ? 'forward' : 'kernel';
  }

  /** Passes on a packet that came in: lowers its TTL, and answers with an ICMP error where it cannot go further. */
  forward(
    memory: Uint8Array,
    start: number,
    end: number,
    now: number,
    output: ForwardOutput,
    /** The longest packet that it becomes on the wire: less than its length when the interface will segment it. */
    wireLength: number = end - start,
  ): void {
    const isV4 = readU8(memory, start) >>> 4 === 4;
    // The TTL is looked at before the route (RFC 1812 section 5.2.1): a packet that dies here needs none.
    const ttl = readU8(memory, start + (isV4 ? IPV4.ttl : IPV6.hopLimit));
    if (ttl <= 1) {
      this.#refuse('time-exceeded', memory, start, end, now, output, 0);
      return;
    }
    const route = this.#routeOf(memory, start, isV4);
    if (route?.kind !== 'hop') {
      this.#refuse(faultOf(route), memory, start, end, now, output, 0);
      return;
    }
    const isTooLong = wireLength > route.mtu;
    if (isTooLong && (!isV4 || ipv4DontFragment(memory, start))) {
      this.#refuse('too-big', memory, start, end, now, output, route.mtu);
      return;
    }
    lowerTtl(memory, start, isV4);
    if (!isTooLong) {
      output.send(memory, start, end, route);
      return;
    }
    for (const fragment of fragmentIpv4(memory, start, end, route.mtu))
      output.sendNew(fragment, route);
  }

  /** Sends a packet that a judge made, by its destination and with the TTL that it has. False when it cannot go there. */
  inject(memory: Uint8Array, start: number, end: number, output: ForwardOutput): boolean {
    const isV4 = readU8(memory, start) >>> 4 === 4;
    const route = this.#routeOf(memory, start, isV4);
    if (route?.kind !== 'hop') return false;
    if (end - start <= route.mtu) {
      output.send(memory, start, end, route);
      return true;
    }
    if (!isV4 || ipv4DontFragment(memory, start)) return false;
    for (const fragment of fragmentIpv4(memory, start, end, route.mtu))
      output.sendNew(fragment, route);
    return true;
  }

  #routeOf(memory: Uint8Array, start: number, isV4: boolean): Route | undefined {
    const destination = start + (isV4 ? IPV4.destination : IPV6.destination);
    return this.#routes.lookup(isV4 ? 4 : 6, memory, destination);
  }

  #refuse(
    fault: ForwardFault | null,
    memory: Uint8Array,
    start: number,
    end: number,
    now: number,
    output: ForwardOutput,
    mtu: number,
  ): void {
    this.dropped += 1;
    if (fault === null) return;
    const isV4 = readU8(memory, start) >>> 4 === 4;
    const family = isV4 ? 4 : 6;
    if (!mayCauseError(family, memory, start, end)) return;
    const back = this.#routes.lookup(family, memory, start + (isV4 ? IPV4.source : IPV6.source));
    if (back?.kind !== 'hop') return;
    // From the interface that the error leaves by (RFC 1812 section 4.3.2.4), or else any of the node's own.
    const source = [this.#addresses[back.port] ?? [], ...this.#addresses]
      .flat()
      .find((address) => address.family === family);
    if (source === undefined || !this.#errors.take(now)) return;
    output.sendNew(buildIcmpError(fault, memory, start, end, source, mtu), back);
  }
}

/** Where the IP packet at `start` ends by its own length field. The header has been checked. */
export const ipPacketEnd = (memory: Uint8Array, start: number): number =>
  readU8(memory, start) >>> 4 === 4
    ? start + readU16(memory, start + IPV4.totalLength)
    : start + IPV6.headerLength + readU16(memory, start + IPV6.payloadLength);

/** A blackhole swallows in silence; what has no route and what nobody answers for are told apart. */
function faultOf(route: Route | undefined): ForwardFault | null {
  if (route === undefined) return 'no-route';
  return route.kind === 'blackhole' ? null : 'unreachable';
}

function lowerTtl(memory: Uint8Array, start: number, isV4: boolean): void {
  if (!isV4) {
    memory[start + IPV6.hopLimit] = readU8(memory, start + IPV6.hopLimit) - 1;
    return;
  }
  const oldWord = readU16(memory, start + IPV4.ttl);
  const newWord = oldWord - 0x100;
  const checksum = readU16(memory, start + IPV4.checksum);
  writeU16(memory, start + IPV4.ttl, newWord);
  writeU16(memory, start + IPV4.checksum, updateChecksum(checksum, oldWord, newWord));
}
