import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../../src/base/random.ts';
import type { AckPolicy } from '../../../../src/roles/endpoint/tcp/settings.ts';
import { TCP_FLAG, sequenceDistance } from '../../../../src/wire/tcp.ts';
import { readTcpOptions } from '../../../../src/wire/tcp-options.ts';
import { Conversation, type LinkSpec, type Party } from './conversation.ts';
import { V4, V6 } from './playbook.ts';

const { ACK, RST, SYN } = TCP_FLAG;
const BAD_LINK: LinkSpec = { lossRatio: 0.1, duplicateRatio: 0.1, delay: 10, jitter: 15 };
/** Longer than any retransmission takes here, so that whoever waits last still answers. */
const PATIENT = { maximumRetransmissions: 30, maximumTimeout: 2e6, timeWait: 120e6 };

/** Fails on a segment that reaches beyond what the other party has announced until then and could have been heard of. */
function watchWindows(talk: Conversation): void {
  const edges = new Map<Party, number>();
  const shifts = new Map<Party, number>();
  talk.onSegment = (from, { flags, sequence, acknowledgment, window, options, payload }) => {
    const isOpening = (flags & SYN) !== 0;
    if (isOpening) shifts.set(from, readTcpOptions(options).windowScale ?? 0);
    const scale = isOpening ? 1 : 2 ** (shifts.get(from) ?? 0);
    if ((flags & ACK) !== 0) {
      const edge = acknowledgment + window * scale;
      const before = edges.get(from);
      if (before === undefined || sequenceDistance(edge, before) > 0) edges.set(from, edge);
    }
    const other = from === talk.client ? talk.server : talk.client;
    const room = edges.get(other);
    if (payload.length > 0 && room !== undefined)
      expect(sequenceDistance(sequence + payload.length, room)).to.be.at.most(0);
    expect(flags & RST).to.equal(0);
  };
}

describe('roles/endpoint/tcp/connection', () => {
  it('two of them carry every byte once and in order over a link that does what it likes', () => {
    const input = fc.record({
      seed: fc.nat(),
      ends: fc.constantFrom(V4, V6),
      sizes: fc.tuple(fc.nat(30_000), fc.nat(30_000)),
      receiveBuffer: fc.constantFrom(600, 5000, 262_144),
      maximumSegmentSize: fc.constantFrom(100, 536, 1460),
      initialSequence: fc.constantFrom(null, 0xffff_f000),
      options: fc.boolean(),
      ack: fc.constantFrom<AckPolicy>('now', 'delayed'),
      limit: fc.constantFrom(undefined, 333),
    });
    fc.assert(
      fc.property(input, ({ seed, ends, sizes, options, ack, limit, ...settings }) => {
        const offers = { timestamps: options, windowScale: options, sackPermitted: options };
        const all = { ...PATIENT, ...offers, ...settings };
        const talk = new Conversation(seed, ends, BAD_LINK, all, { ack });
        watchWindows(talk);
        const random = seededRandom(seed, 'content');
        const [up, down] = sizes.map((size) => random.bytes(size));
        if (up === undefined || down === undefined) throw new Error('two sizes');
        const { client, server } = talk;
        server.tcp.listen();
        client.tcp.open(talk.now);
        client.tcp.send(up, talk.now);
        server.tcp.send(down, talk.now);
        client.tcp.close(talk.now);
        while (server.tcp.state === 'listen' && talk.step(limit));
        server.tcp.close(talk.now);
        talk.run(limit);
        for (const [party, bytes] of [
          [client, down],
          [server, up],
        ] as const) {
          expect(Buffer.compare(party.received, bytes)).to.equal(0);
          const ends = party.events.filter(({ kind }) => kind === 'fin' || kind === 'closed');
          expect(ends).to.deep.equal([{ kind: 'fin' }, { kind: 'closed', how: 'fin' }]);
          expect(party.tcp.dropped).to.equal(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('two of them over a good link send nothing twice', () => {
    const good = { lossRatio: 0, duplicateRatio: 0, delay: 20, jitter: 0 };
    const talk = new Conversation(1, V4, good);
    const { client, server } = talk;
    server.tcp.listen();
    client.tcp.open(talk.now);
    client.tcp.send(new Uint8Array(100_000), talk.now);
    talk.run();
    expect(server.received).to.have.length(100_000);
    expect(client.tcp.numbers.retransmissions + server.tcp.numbers.retransmissions).to.equal(0);
    const counted = client.segments.filter(({ payload }) => payload.length > 0);
    expect(counted).to.have.length(Math.ceil(100_000 / 1448));
    // The first segment with data, and all of a connection, count IP identifications one by one.
    const ids = client.segments.map(({ id = 0 }) => id);
    expect(ids.every((id, index) => id === (((ids[0] ?? 0) + index) & 0xffff))).to.equal(true);
  });

  it('two of them that open at once meet', () => {
    const talk = new Conversation(3, V4, { ...BAD_LINK, lossRatio: 0, duplicateRatio: 0 });
    for (const { tcp } of [talk.client, talk.server]) tcp.open(talk.now);
    talk.client.tcp.send(Uint8Array.of(1), talk.now);
    talk.run();
    expect([talk.client.tcp.state, talk.server.tcp.state]).to.deep.equal([
      'established',
      'established',
    ]);
    expect(talk.server.received).to.deep.equal(Buffer.of(1));
    expect(talk.client.segments.length).to.be.below(10);
  });
});
