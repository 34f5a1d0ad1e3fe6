// Conversations are built once, as a deck, and dealt again and again: mixed, with packets lost, doubled and out of turn, each time for
// other clients and with other damage.
import { type Random, seededRandom } from '../../src/base/random.ts';
import { type Conversation, conversation, pick } from './corpus.ts';
import { Mutator, type Stranger, stranger } from './mutate.ts';

export type Deck = readonly Conversation[];

/** Conversations of a deck: about 1000 packets. */
const DECK = 160;
/** Conversations that are mixed with each other. */
const AT_ONCE = 3;

export const deckOf = (seed: number): Deck => {
  const random = seededRandom(seed, 'deck');
  return Array.from({ length: DECK }, () => conversation(random));
};

/** One conversation that is under way. */
interface Hand {
  readonly packets: readonly Uint8Array[];
  readonly clientPort: number;
  readonly client: Stranger | null;
  at: number;
}

/**
 * Gives `count` damaged packets to `take`, which has each until it returns. `crowd`: how many clients take turns; none for the few of the deck,
 * whose flows meet again.
 */
export function deal(
  random: Random,
  deck: Deck,
  { count, crowd }: { readonly count: number; readonly crowd: number },
  take: (memory: Uint8Array, start: number, end: number) => void,
): void {
  const mutator = new Mutator(random);
  const draw = (): Hand => ({
    ...pick(random, deck),
    client: crowd === 0 ? null : stranger(random.below(crowd)),
    at: 0,
  });
  const hands = Array.from({ length: AT_ONCE }, draw);
  for (let made = 0; made < count;) {
    const which = random.below(AT_ONCE);
    const hand = hands[which];
    const packet = hand?.packets[turn(random, hand)];
    if (hand === undefined || packet === undefined) {
      hands[which] = draw();
      continue;
    }
    // One in eight is lost, one in eight comes twice.
    const fate = random.below(8);
    for (let copies = fate === 0 ? 0 : fate === 1 ? 2 : 1; copies > 0; copies -= 1) {
      mutator.mutate(packet, hand.client, hand.clientPort);
      take(mutator.memory, mutator.start, mutator.end);
      made += 1;
    }
  }
}

/** The next packet, now and then one of those about it. */
function turn(random: Random, hand: Hand): number {
  const at = hand.at;
  hand.at += 1;
  return random.below(10) === 0 && at < hand.packets.length
    ? random.below(hand.packets.length)
    : at;
}
