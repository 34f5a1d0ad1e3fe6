// A WireGuard interface, whoever implements it.
import type { WireguardConfiguration } from './configuration.ts';

/** An interface and where it is; `namespaces` are descriptors. */
export interface WireguardPlace {
  /** At most 15 characters. */
  readonly name: string;
  /** The index that it is to get. */
  readonly index: number;
  /** Bytes. */
  readonly mtu: number;
  readonly namespaces: {
    /** Where its UDP socket is, for good. */
    readonly socket: number;
    /** Where the interface is. */
    readonly device: number;
  };
}

export interface WireguardDevice {
  readonly implementation: 'kernel' | 'wireguard-go';
  /** The index that it has: wireguard-go's interface keeps the kernel's choice where it was born and stays. */
  readonly index: number;
  /** Settles with how its process ended; never where the kernel is what does it. */
  readonly ended: Promise<string>;
  /** Replaces all that it was told before. */
  configure(configuration: WireguardConfiguration): Promise<void>;
  /**
   * Changes the seconds between keepalives to one peer, by its public key, and nothing else; from 0 to more it sends one at
   * once, which takes a handshake where there was none.
   */
  keepAlive(publicKey: string, seconds: number): Promise<void>;
  /** The public keys (base64) of the peers with whom it has completed a handshake. */
  handshakes(): Promise<ReadonlySet<string>>;
}
