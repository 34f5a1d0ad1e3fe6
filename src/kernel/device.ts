// Settings of network interfaces that rtnetlink has no word for.
import { loadNative } from './native.ts';

interface DeviceCalls {
  coalesceReceived(name: string): void;
  disableOffloads(name: string): void;
}

const native = loadNative() as DeviceCalls;

/**
 * Switches off what makes segments on a virtual wire larger than its MTU or leaves their checksums empty: TSO, GSO, GRO,
 * scatter-gather and checksum offload (ethtool(8)). The interface is one of the namespace that this thread is in.
 */
export const disableOffloads = (name: string): void => native.disableOffloads(name);

/**
 * Joins consecutive segments of a TCP connection that come in by the interface (GRO). What leaves another way is cut into
 * the very same segments again: GRO joins only what can be.
 */
export const coalesceReceived = (name: string): void => native.coalesceReceived(name);
