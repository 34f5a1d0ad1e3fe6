// Under which address and port a copy speaks to the target: the client's own, or those of `mapped`, and for each further copy another port.
import {
  type IpAddress,
  type IpPrefix,
  ipFromBigInt,
  ipToBigInt,
  networkAddress,
  parsePrefix,
  prefixSize,
} from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';

/** Ports below are those of servers. */
const LOWEST_PORT = 1024;
const PORTS = 65_536 - LOWEST_PORT;
/** How far the ports of copies of one session lie apart: prime, so that they meet those of others rarely. */
const STRIDE = 4099;
/** Ports that are tried before there is none. */
const ATTEMPTS = 256;

export interface MappedEnd {
  readonly address: IpAddress;
  readonly port: number;
}

export class ClientMapping {
  readonly #prefixes: readonly IpPrefix[];

  /** `mapped`: as the plan has it. */
  constructor(mapped: readonly string[]) {
    this.#prefixes = mapped.map((text) => {
      const prefix = parsePrefix(text);
      invariant(prefix.ok, 'a plan has prefixes where it says so');
      return prefix.value;
    });
  }

  /** Always the same for the same address. */
  addressOf(client: IpAddress): IpAddress {
    const prefix = this.#prefixes.find(({ address }) => address.family === client.family);
    if (prefix === undefined) return client;
    const start = ipToBigInt(networkAddress(prefix));
    const size = prefixSize(prefix);
    const host = ipToBigInt(client) % size;
    // Neither the network's own address nor that for all of it.
    const isHost = size <= 2n || (host !== 0n && host !== size - 1n);
    return ipFromBigInt(start + (isHost ? host : 1n + (host % (size - 2n))), client.family);
  }

  /** For copy number `copy` (from 0); null when no port is free. */
  take(
    client: IpAddress,
    port: number,
    copy: number,
    isTaken: (end: MappedEnd) => boolean,
  ): MappedEnd | null {
    const address = this.addressOf(client);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const shift = copy * STRIDE + attempt;
      const end = { address, port: shift === 0 ? port : shifted(port, shift) };
      if (!isTaken(end)) return end;
    }
    return null;
  }
}

const shifted = (port: number, shift: number): number =>
  LOWEST_PORT + ((((port - LOWEST_PORT + shift) % PORTS) + PORTS) % PORTS);
