import { seededRandom } from '../../../../../src/base/random.ts';
import type { Conversation, Manner } from './conversation.ts';
import { type Saying, Script } from './script.ts';

/** Shares of the bytes; what is longest is a piece. */
const SHARES: readonly {
  readonly manner: Manner;
  readonly conversations: number;
  readonly share: number;
  readonly longest: number;
}[] = [
  { manner: 'both', conversations: 4, share: 0.8, longest: 1_048_576 },
  { manner: 'after', conversations: 2, share: 0.15, longest: 300_000 },
  { manner: 'turns', conversations: 2, share: 0.045, longest: 65_536 },
  { manner: 'piecemeal', conversations: 2, share: 0.005, longest: 200 },
];
/** Conversations that are short; one in ten of their ends says nothing. */
const SHORT = 200;
const SHORT_BYTES = 20_000;

/** Mixed traffic of about so many bytes: much at once, in turns, in small pieces, and many short connections between them. */
export function mixOf(bytes: number, isFramed: boolean): readonly Conversation[] {
  const random = seededRandom(bytes, 'mix');
  const conversations: Omit<Conversation, 'number'>[] = [];
  const saying = (size: number, longest: number): Saying => ({
    ...{ seed: random.below(2 ** 31), bytes: Math.floor(size), longest, isFramed },
  });
  for (const { manner, conversations: count, share, longest } of SHARES)
    for (let made = 0; made < count; made += 1) {
      const size = (bytes * share) / count;
      const part = 0.2 + random.next() * 0.6;
      const client = saying(size * part, longest);
      conversations.push({ manner, client, server: saying(size * (1 - part), longest) });
    }
  const short = (): Saying =>
    saying(random.below(10) === 0 ? 0 : random.below(SHORT_BYTES), SHORT_BYTES / 4);
  for (let made = 0; made < SHORT; made += 1) {
    const { manner } = SHARES[made % SHARES.length] ?? { manner: 'both' };
    conversations.push({ manner, client: short(), server: short() });
  }
  return conversations.map((conversation, number) => ({ ...conversation, number }));
}

/** What one side of them says. Messages have a header at least, so that they may be a little more than was wished. */
export function bytesOf(conversations: readonly Conversation[], side: 'client' | 'server'): number {
  let bytes = 0;
  for (const { [side]: saying } of conversations) {
    const script = new Script(saying);
    for (let piece = script.next(); piece !== null; piece = script.next())
      for (const part of piece) bytes += part.length;
  }
  return bytes;
}
