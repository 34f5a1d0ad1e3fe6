// A relay that changes nothing, between real sockets: both ends compare each byte with what the other was to say. RELAY_BYTES says how
// many bytes in all (10 GB; make soak: 100 GB).
import type { Socket } from 'node:net';
import { expect } from 'chai';
import type { RelaySpec } from '../../../../../src/model/relay.ts';
import { Ends, KINDS, type Kind } from '../ends.ts';
import { UNCHANGING } from '../unchanging.ts';
import { type Conversation, converse, greet, hearGreeting } from './conversation.ts';
import { bytesOf, mixOf } from './mix.ts';
import { Hearing, type Saying, Script } from './script.ts';

const BYTES = Number(process.env['RELAY_BYTES'] ?? 10_000_000_000);
/** Conversations at once. */
const CONCURRENCY = 16;

/** Of the bytes, in the order of `UNCHANGING`. */
const SHARES = [0.5, 0.15, 0.2, 0.15];

describe(`a relay that changes nothing, over ${BYTES} bytes (make soak: more)`, function () {
  this.timeout(120_000 + BYTES / 20_000);
  const ends = new Ends();
  afterEach(() => ends.close());
  after(() => ends.dispose());

  /** Has all conversations through one relay; gives the bytes of both sides, counted where they were heard. */
  const carry = async (
    kind: Kind,
    spec: Partial<RelaySpec>,
    conversations: readonly Conversation[],
  ): Promise<{ readonly client: number; readonly server: number }> => {
    const heard = { client: 0, server: 0 };
    const attend = async (
      socket: Socket,
      conversation: Conversation,
      side: 'client' | 'server',
    ): Promise<void> => {
      const bytes = await converse(socket, conversation, side);
      heard[side] += bytes;
    };
    let fail: (error: unknown) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    const served: Promise<void>[] = [];
    const welcome = async (socket: Socket): Promise<void> => {
      const conversation = conversations[await hearGreeting(socket)];
      if (!conversation) throw new Error('A greeting with a number that nobody said');
      await attend(socket, conversation, 'server');
    };
    const target = await ends.serve(kind, (socket) => {
      served.push(welcome(socket).catch(fail));
    });
    const listen = ends.place(kind);
    const relay = await ends.relay(listen, target, spec);
    const waiting = [...conversations];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const socket = ends.dial(relay, listen);
        greet(socket, next.number);
        await attend(socket, next, 'client');
      }
    };
    await Promise.race([Promise.all(Array.from({ length: CONCURRENCY }, work)), failed]);
    await Promise.race([Promise.all(served), failed]);
    const over = relay.news.filter(({ kind: what }) => what === 'closed');
    expect(over.every((news) => 'reason' in news && news.reason === 'finished')).to.equal(true);
    const { statistics } = await relay.thread.change({ kind: 'statistics' });
    expect(statistics).to.deep.include({ framingFaults: 0, overdue: 0 });
    return heard;
  };

  it('would hear of a byte that is another, is missing or comes twice', () => {
    const saying: Saying = { seed: 1, bytes: 1000, longest: 100, isFramed: false };
    const script = new Script(saying);
    const said: Uint8Array[] = [];
    for (let piece = script.next(); piece !== null; piece = script.next()) said.push(...piece);
    const right = Buffer.concat(said);
    const hear = (bytes: Buffer): Hearing => {
      const hearing = new Hearing(saying);
      hearing.take(bytes);
      return hearing;
    };
    const [before, after] = [right.subarray(0, 500), right.subarray(500)];
    const other = Buffer.of((right[500] ?? 0) ^ 1);
    expect(hear(right)).to.include({ heard: 1000, isComplete: true });
    expect(hear(Buffer.concat([before, other, right.subarray(501)])).fault).to.not.equal(null);
    expect(hear(Buffer.concat([before, right.subarray(501)])).isComplete).to.equal(false);
    expect(hear(Buffer.concat([before, right.subarray(499)])).fault).to.not.equal(null);
    expect(hear(Buffer.concat([before, after, other])).fault).to.equal('More bytes than 1000');
    expect(hear(before)).to.include({ fault: null, isComplete: false });
  });

  for (const kind of KINDS)
    for (const [index, { name, isFramed, spec }] of UNCHANGING.entries())
      it(`carries each byte of mixed traffic over ${kind} as ${name}`, async () => {
        const conversations = mixOf((BYTES * (SHARES[index] ?? 0)) / KINDS.length, isFramed);
        expect(await carry(kind, spec, conversations)).to.deep.equal({
          client: bytesOf(conversations, 'server'),
          server: bytesOf(conversations, 'client'),
        });
      });
});
