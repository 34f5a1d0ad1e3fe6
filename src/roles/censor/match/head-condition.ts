// Conditions over what all packets of one direction of a flow have in common, decided once for each flow.
import type { MatchCondition, NumberRange } from '../../../model/censor-match.ts';
import { invariant } from '../../../base/invariant.ts';
import { parsePrefix } from '../../../base/addresses.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { readU8 } from '../../../wire/bytes.ts';

/** What all packets of one direction of a flow have in common. */
export interface PacketHead {
  readonly memory: Uint8Array;
  readonly version: 4 | 6;
  readonly protocol: number;
  readonly addressLength: number;
  readonly sourceOffset: number;
  readonly destinationOffset: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export type HeadTest = (head: PacketHead) => boolean;

/** The tests that a condition puts to addresses, ports, version and protocol; none for other conditions. */
export function compileHeadTest(condition: MatchCondition): readonly HeadTest[] {
  switch (condition.field) {
    case 'ip.src': {
      const contains = compilePrefixes(condition.prefixes);
      return [(head) => contains(head, head.sourceOffset)];
    }
    case 'ip.dst': {
      const contains = compilePrefixes(condition.prefixes);
      return [(head) => contains(head, head.destinationOffset)];
    }
    case 'ip.addr': {
      const contains = compilePrefixes(condition.prefixes);
      return [
        (head) => contains(head, head.sourceOffset) || contains(head, head.destinationOffset),
      ];
    }
    case 'ip.version':
      return [(head) => within(condition.ranges, head.version)];
    case 'ip.proto':
      return [(head) => within(condition.ranges, head.protocol)];
    case 'tcp.srcport':
    case 'udp.srcport':
      return [portTest(condition, (head, within) => within(head.sourcePort))];
    case 'tcp.dstport':
    case 'udp.dstport':
      return [portTest(condition, (head, within) => within(head.destinationPort))];
    case 'tcp.port':
    case 'udp.port':
      return [
        portTest(
          condition,
          (head, within) => within(head.sourcePort) || within(head.destinationPort),
        ),
      ];
    default:
      return [];
  }
}

function portTest(
  condition: { field: string; ranges: readonly NumberRange[] },
  test: (head: PacketHead, within: (port: number) => boolean) => boolean,
): HeadTest {
  const protocol = condition.field.startsWith('tcp') ? IP_PROTOCOL.tcp : IP_PROTOCOL.udp;
  const isIn = (port: number): boolean => within(condition.ranges, port);
  return (head) => head.protocol === protocol && test(head, isIn);
}

const within = (ranges: readonly NumberRange[], value: number): boolean =>
  ranges.some(([low, high]) => value >= (low ?? -Infinity) && value <= (high ?? Infinity));

function compilePrefixes(texts: readonly string[]): (head: PacketHead, offset: number) => boolean {
  const prefixes = texts.map((text) => {
    // A bare address is a prefix of its whole length.
    const prefix = parsePrefix(
      text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`,
    );
    invariant(prefix.ok, `a resolved rule holds only prefixes, not "${text}"`);
    return { bytes: prefix.value.address.bytes, length: prefix.value.length };
  });
  return (head, offset) =>
    prefixes.some(
      ({ bytes, length }) =>
        bytes.length === head.addressLength && sharesBits(bytes, length, head.memory, offset),
    );
}

function sharesBits(bytes: Uint8Array, length: number, memory: Uint8Array, at: number): boolean {
  const whole = length >>> 3;
  for (let index = 0; index < whole; index += 1)
    if (readU8(bytes, index) !== readU8(memory, at + index)) return false;
  const mask = (0xff00 >>> (length & 7)) & 0xff;
  return ((readU8(bytes, whole) ^ readU8(memory, at + whole)) & mask) === 0;
}
