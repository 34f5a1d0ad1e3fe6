// A part of all ends, always the same: censors of many devices, each with the flows that a hash of their ends gives it, treat them unequally.
import type { ShareCondition } from '../../../model/censor-match.ts';
import { readU8 } from '../../../wire/bytes.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import type { Look } from './look.ts';
import { type Truth, UNKNOWN, truthOf } from './truth.ts';

/** Whether the ends of the flow, either way, are among the share that the seed chooses. */
export function compileShare({ of, share }: ShareCondition, seed: number): (look: Look) => Truth {
  const [client, server, clientPort, serverPort] = (
    ['client', 'server', 'clientPort', 'serverPort'] as const
  ).map((part) => of.includes(part));
  const needsPorts = clientPort === true || serverPort === true;
  const below = share * 2 ** 32;
  return ({ head, isForward }) => {
    if (needsPorts && !hasPorts(head.protocol)) return UNKNOWN;
    const { memory, sourceOffset, destinationOffset, addressLength } = head;
    const clientOffset = isForward ? sourceOffset : destinationOffset;
    const serverOffset = isForward ? destinationOffset : sourceOffset;
    let hash = mix(seed);
    if (client === true) hash = hashBytes(hash ^ 1, memory, clientOffset, addressLength);
    if (server === true) hash = hashBytes(hash ^ 2, memory, serverOffset, addressLength);
    if (clientPort === true)
      hash = mix(hash ^ (isForward ? head.sourcePort : head.destinationPort) ^ 0x3_0000);
    if (serverPort === true)
      hash = mix(hash ^ (isForward ? head.destinationPort : head.sourcePort) ^ 0x4_0000);
    return truthOf(hash >>> 0 < below);
  };
}

const hasPorts = (protocol: number): boolean =>
  protocol === IP_PROTOCOL.tcp || protocol === IP_PROTOCOL.udp;

function hashBytes(start: number, memory: Uint8Array, offset: number, length: number): number {
  let hash = start;
  for (let at = offset; at < offset + length; at += 1)
    hash = Math.imul(hash ^ readU8(memory, at), 0x01000193);
  return mix(hash);
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain), by its published constants. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
