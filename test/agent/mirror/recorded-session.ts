// A client's connection as a capture has it: three words of 99 bytes, 100 ms apart, each answered.
import { type IpAddress, parseIp } from '../../../src/base/addresses.ts';
import { buildTcp } from '../../../src/wire/build.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { LINKTYPE, encodePcapRecord, writePcapHeader } from '../../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';

const { ACK, FIN, SYN } = TCP_FLAG;
const START = 1_700_000_000_000_000;
const STEP = 50_000;

/** Its first line says how many bytes follow it. */
export const WORD: Uint8Array = Buffer.from(`put 92\n${'w'.repeat(92)}`);

export interface Recorded {
  readonly client: string;
  readonly online: string;
  readonly port: number;
}

/** A pcap file. */
export function recordedSession({ client, online, port }: Recorded): Uint8Array {
  const [said, heard] = [4_000_000_000, 7000];
  const records: Uint8Array[] = [];
  const say = (
    isClient: boolean,
    flags: number,
    at: number,
    answered: number,
    payload?: Uint8Array,
  ): void => {
    const [from, to] = isClient ? [client, online] : [online, client];
    const packet = buildTcp({
      ...{ source: ip(from), destination: ip(to) },
      ...{ sourcePort: isClient ? 40_000 : port, destinationPort: isClient ? port : 40_000 },
      ...{ sequence: (isClient ? said : heard) + at, flags },
      acknowledgment: (isClient ? heard : said) + answered,
      ...(payload && { payload }),
    });
    records.push(encodePcapRecord(START + records.length * STEP, packet));
  };
  say(true, SYN, 0, 0);
  say(false, SYN | ACK, 0, 1);
  say(true, ACK, 1, 1);
  for (let word = 0; word < 3; word += 1) {
    say(true, ACK, 1 + word * WORD.length, 1 + word * 10, WORD);
    say(false, ACK, 1 + word * 10, 1 + (word + 1) * WORD.length, Buffer.alloc(10));
  }
  say(true, FIN | ACK, 1 + 3 * WORD.length, 31);
  say(false, FIN | ACK, 31, 2 + 3 * WORD.length);
  say(true, ACK, 2 + 3 * WORD.length, 32);
  return concatBytes(writePcapHeader(LINKTYPE.LINKTYPE_RAW), ...records);
}

function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (!address.ok) throw new Error(address.error);
  return address.value;
}
