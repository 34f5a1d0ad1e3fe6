import { readU8 } from '../../../../wire/bytes.ts';
import type { PacketView } from '../../../../wire/packet.ts';
import { TCP } from '../../../../wire/tcp.ts';
import { TCP_OPTION } from '../../../../wire/tcp-options.ts';

/** Goes through the options of a TCP header where they lie, without padding; stops at the first that is malformed. `length`: of the whole option. */
export function visitOptions(
  { memory, transportStart, payloadStart }: PacketView,
  visit: (kind: number, at: number, length: number) => void,
): void {
  for (let at = transportStart + TCP.headerLength; at < payloadStart;) {
    const kind = readU8(memory, at);
    if (kind === TCP_OPTION.end) return;
    const length = kind === TCP_OPTION.noOperation ? 1 : readU8(memory, at + 1);
    if (kind !== TCP_OPTION.noOperation && length < 2) return;
    if (at + length > payloadStart) return;
    if (kind !== TCP_OPTION.noOperation) visit(kind, at, length);
    at += length;
  }
}
