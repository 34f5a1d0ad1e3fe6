// One copy's handshake, sent as a mirror sends it, and how far each of its packets comes: what rules, filters and NAT on the way make of it
// is seen and not guessed. It ends by a reset, and leaves nothing.
import { setTimeout as pause } from 'node:timers/promises';
import type { IpAddress } from '../../../base/addresses.ts';
import { buildTcp } from '../../../wire/build.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { type CopySender, openCopySender } from './copy-sender.ts';
import { type NodeWatch, watchNode } from './node-watch.ts';
import type { Sighting, SightingPlace, Sightings, TrialPacket } from './watch-script.ts';

export interface TrialOrder {
  /** Namespaces. The assistant's is null where it is the target, or elsewhere. */
  readonly online: number;
  readonly target: number;
  readonly assistant: number | null;
  /** An address of the online server's host. */
  readonly own: IpAddress;
  readonly client: IpAddress;
  readonly clientPort: number;
  readonly address: IpAddress;
  readonly port: number;
}

export interface TrialOutcome {
  /** The SYN as it came to the target; null: it did not. */
  readonly arrived: Sighting | null;
  /** What the target said to it. */
  readonly answer: 'accepted' | 'reset' | 'none';
  /** Whether the client's acknowledgment came after it; null where there was nothing to acknowledge. */
  readonly isAcknowledged: boolean | null;
  /** The answer as it came to the assistant; null: it did not. */
  readonly atAssistant: Sighting | null;
  /** Whether the assistant sent it on. */
  readonly isForwarded: boolean;
}

/** No client's: it says nothing by itself, and NAT that keeps it is easy to see. */
const SEQUENCE = 0x6e_73_4d_44;
/** Milliseconds for a packet to come, where it does. */
const PATIENCE_MS = 500;
const LOOK_EVERY_MS = 10;

/** Throws a Fault where the host has no way to the target. */
export async function tryCopy(order: TrialOrder): Promise<TrialOutcome> {
  const { online, target, assistant, own, client, clientPort, address, port } = order;
  const { family } = address;
  const sender = await openCopySender(online, own, address);
  const watches: NodeWatch[] = [];
  const watch = async (namespaceFd: number): Promise<NodeWatch> => {
    const begun = await watchNode(namespaceFd, family, SEQUENCE);
    watches.push(begun);
    return begun;
  };
  const send = (flags: number, sequence: number, acknowledgment = 0): void =>
    sender.send(
      buildTcp({
        ...{ source: client, sourcePort: clientPort, destination: address, destinationPort: port },
        ...{ flags, sequence, acknowledgment },
      }),
    );
  try {
    const atTarget = await watch(target);
    const atAssistant = assistant === null ? null : await watch(assistant);
    send(TCP_FLAG.SYN, SEQUENCE);
    const first = await until(atTarget, (seen) => find(seen, 'left', 'answer') !== undefined);
    const number = first.numbers.find((each) => each !== 0);
    if (number !== undefined) send(TCP_FLAG.ACK, SEQUENCE + 1, (number + 1) >>> 0);
    const [second, there] = await Promise.all([
      number === undefined
        ? first
        : until(atTarget, (seen) => find(seen, 'arrived', 'ack') !== undefined),
      atAssistant && find(first, 'left', 'answer')
        ? until(atAssistant, (seen) => find(seen, 'arrived', 'answer') !== undefined)
        : null,
    ]);
    return {
      arrived: find(second, 'arrived', 'syn') ?? null,
      answer: answerOf(first),
      isAcknowledged: number === undefined ? null : find(second, 'arrived', 'ack') !== undefined,
      atAssistant: (there && find(there, 'arrived', 'answer')) ?? null,
      isForwarded: there !== null && find(there, 'left', 'answer') !== undefined,
    };
  } finally {
    send(TCP_FLAG.RST, SEQUENCE + 1);
    await end(sender, watches);
  }
}

async function end(sender: CopySender, watches: readonly NodeWatch[]): Promise<void> {
  sender.close();
  await Promise.all(watches.map((watch) => watch.end()));
}

function answerOf({ numbers }: Sightings): TrialOutcome['answer'] {
  if (numbers.length === 0) return 'none';
  return numbers.includes(0) ? 'reset' : 'accepted';
}

const find = (
  { seen }: Sightings,
  place: SightingPlace,
  packet: TrialPacket,
): Sighting | undefined => seen.find((each) => each.place === place && each.packet === packet);

/** What is seen once `isThere` holds, or patience has ended. */
async function until(watch: NodeWatch, isThere: (seen: Sightings) => boolean): Promise<Sightings> {
  const limit = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await watch.read();
    if (isThere(seen) || performance.now() >= limit) return seen;
    await pause(LOOK_EVERY_MS);
  }
}
