import { expect } from 'chai';
import { DEFAULT_STATE } from '../../../../src/model/censor-defaults.ts';
import type { CensorState } from '../../../../src/model/censor.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import {
  type Ends,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  fromClient,
  fromServer,
  handshake,
  hello,
  sniRule,
  text,
} from '../playbook.ts';

const { ACK, FIN, PSH, RST, SYN } = TCP_FLAG;
const BLOCKED = hello('blocked.example');

const book = (state: Partial<CensorState>, seed = 1): Playbook =>
  new Playbook([sniRule(RESET)], { state: { ...DEFAULT_STATE, ...state }, seed });

/** Whether the censor reads the forbidden name that comes after these packets. */
function reads(play: Playbook, packets: readonly Uint8Array[], ends: Ends = V4): boolean {
  for (const packet of packets) play.judge(packet);
  play.judge(clientData(ends, BLOCKED));
  return play.actions().includes('reset');
}

describe('roles/censor/follow-policy', () => {
  for (const ends of [V4, V6]) {
    const [syn, synAck, ack] = handshake(ends);
    if (syn === undefined || synAck === undefined || ack === undefined) throw new Error('three');
    const begins = [
      [['SYN'], [syn, synAck, ack], true],
      [['SYN'], [synAck, ack], false],
      [['SYN'], [], false],
      [['SYN+ACK'], [syn, synAck, ack], true],
      [['SYN+ACK'], [syn, ack], false],
      [['data'], [syn, synAck, ack], true],
      [['data'], [], true],
    ] as const;
    for (const [createOn, packets, wish] of begins)
      it(`begins() creates on ${createOn.join()} of ${ends.client}: ${packets.length} packets before`, () => {
        const play = book({ createOn: [...createOn] });
        expect(reads(play, packets, ends)).to.equal(wish);
        const { flows, unseen, packets: all } = play.censor.statistics;
        expect(flows).to.equal(wish ? 1 : 0);
        if (!wish) expect(unseen).to.equal(all);
      });
  }

  const [syn, synAck, ack] = handshake(V4);
  if (syn === undefined || synAck === undefined || ack === undefined) throw new Error('three');

  it('begins() takes any segment where nothing is left out', () => {
    const play = book({});
    play.judge(fromClient(V4, { sequence: 1, acknowledgment: 1, flags: ACK }));
    expect(play.censor.statistics).to.include({ flows: 1, unseen: 0 });
  });

  const handshakes = [
    ['whole', [syn, synAck, ack], true],
    ['its ACK with the data', [syn, synAck], true],
    ['without a SYN+ACK', [syn, ack], false],
    ['none', [], false],
  ] as const;
  for (const [what, packets, wish] of handshakes)
    it(`isTooEarly() waits for the handshake: ${what}`, () => {
      expect(reads(book({ handshake: true }), packets)).to.equal(wish);
      expect(reads(book({ handshake: false }), packets)).to.equal(true);
    });

  it('isTooEarly() does not ask for the SYN of a flow that begins later', () => {
    const play = book({ handshake: true, createOn: ['SYN+ACK'] });
    expect(reads(play, [syn, synAck, ack])).to.equal(true);
  });

  // What makes a censor look for the client's place anew, and then believe a segment that the server throws away.
  const insertion = clientData(V4, text('x'), 5000);
  const upheavals = [
    ['SYN', fromClient(V4, { sequence: 7777, flags: SYN })],
    ['SYN+ACK', fromServer(V4, { sequence: 5000, acknowledgment: 9, flags: SYN | ACK })],
    ['RST', fromServer(V4, { sequence: 1, flags: RST })],
    ['FIN', fromClient(V4, { sequence: 500_000, acknowledgment: 1, flags: FIN | ACK })],
  ] as const;
  for (const [event, packet] of upheavals) {
    it(`upheavalOf() desynchronises on ${event} and a segment out of place`, () => {
      const resyncOn = [event];
      const attack = [syn, synAck, ack, packet, insertion];
      expect(reads(book({ resyncOn }), attack)).to.equal(false);
      // Without either of the two the censor keeps its place.
      expect(reads(book({ resyncOn }), [syn, synAck, ack, packet])).to.equal(true);
      expect(reads(book({ resyncOn }), [syn, synAck, ack, insertion])).to.equal(true);
      if (event !== 'SYN') expect(reads(book({}), attack)).to.equal(true);
    });

    it(`upheavalOf() resynchronises on ${event} by the seed's chance`, () => {
      const attack = [syn, synAck, ack, packet, insertion];
      const share = (resyncProbability: number): number => {
        let fooled = 0;
        for (let seed = 1; seed <= 100; seed += 1)
          if (!reads(book({ resyncOn: [event], resyncProbability }, seed), attack)) fooled += 1;
        return fooled;
      };
      expect(share(0)).to.equal(0);
      expect(share(0.5)).to.be.within(30, 70);
    });
  }

  it('upheavalOf() takes a SYN+ACK whose acknowledgment fits for a repetition', () => {
    const play = book({ resyncOn: ['SYN+ACK'] });
    expect(reads(play, [syn, synAck, ack, synAck, insertion])).to.equal(true);
  });

  for (const [flag, bits] of [
    ['RST', RST],
    ['FIN', FIN | ACK],
  ] as const)
    it(`upheavalOf() forgets a flow on ${flag}`, () => {
      const teardown = fromClient(V4, { sequence: 1001, acknowledgment: 5001, flags: bits });
      const packets = [syn, synAck, ack, teardown];
      const createOn = ['SYN'] as const;
      const play = book({ createOn, teardownOn: [flag] });
      expect(reads(play, packets)).to.equal(false);
      expect(play.censor.statistics).to.include({ known: 0, unseen: 1 });
      expect(reads(book({ createOn }), packets)).to.equal(true);
      expect(reads(book({ createOn, teardownOn: [flag], resyncProbability: 0 }), packets)).to.equal(
        true,
      );
    });

  it('upheavalOf() divides flows where the same segment may do either', () => {
    const teardown = fromClient(V4, { sequence: 1001, acknowledgment: 5001, flags: RST });
    const known = new Set<number>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const play = book(
        { createOn: ['SYN'], teardownOn: ['RST'], resyncOn: ['RST'], resyncProbability: 0.5 },
        seed,
      );
      for (const packet of [syn, synAck, ack, teardown]) play.judge(packet);
      known.add(play.censor.statistics.known);
    }
    expect([...known].toSorted()).to.deep.equal([0, 1]);
  });

  it('upheavalOf() leaves decided flows decided', () => {
    const play = book({ createOn: ['SYN'], teardownOn: ['RST'] });
    expect(reads(play, [syn, synAck, ack])).to.equal(true);
    play.judge(fromClient(V4, { sequence: 1001, acknowledgment: 5001, flags: RST }));
    play.lines();
    const more = fromClient(V4, {
      sequence: 1001,
      acknowledgment: 5001,
      flags: PSH | ACK,
      payload: text('x'),
    });
    expect(play.judge(more)).to.equal('drop');
    expect(play.lines()).to.have.length(2);
  });

  it('beginsAnother() takes a SYN for another connection, unless it repeats the first', () => {
    const play = book({});
    for (const packet of [syn, synAck, ack, syn]) play.judge(packet);
    expect(play.censor.statistics.flows).to.equal(1);
    play.judge(fromClient(V4, { sequence: 777_777, flags: SYN }));
    expect(play.censor.statistics.flows).to.equal(2);
    const resyncing = book({ resyncOn: ['SYN'] });
    for (const packet of [syn, synAck, ack]) resyncing.judge(packet);
    resyncing.judge(fromClient(V4, { sequence: 777_777, flags: SYN }));
    expect(resyncing.censor.statistics.flows).to.equal(1);
    for (const build of [fromClient, fromServer])
      resyncing.judge(build(V4, { sequence: 1001, acknowledgment: 1, flags: FIN | ACK }));
    resyncing.judge(fromClient(V4, { sequence: 888_888, flags: SYN }));
    expect(resyncing.censor.statistics.flows).to.equal(2);
  });

  const rst = (sequence: number, ends: Ends = V4): Uint8Array =>
    fromClient(ends, { sequence, flags: RST });
  const elsewhere = { ...V4, clientPort: 41_000, serverPort: 9 };
  for (const [control, exact, ports, addresses] of [
    ['sequence', false, true, true],
    ['ports', false, false, true],
    ['addresses', false, false, false],
  ] as const)
    it(`fits() asks an RST for what ${control} says`, () => {
      const after = (teardown: Uint8Array): boolean =>
        reads(book({ createOn: ['SYN'], teardownOn: ['RST'], control }), [
          syn,
          synAck,
          ack,
          teardown,
        ]);
      expect(after(rst(1001))).to.equal(exact);
      expect(after(rst(99_999))).to.equal(ports);
      expect(after(rst(1001, elsewhere))).to.equal(addresses);
    });

  it('fits() knows what is expected of the server, too', () => {
    for (const [sequence, wish] of [
      [5001, false],
      [5002, true],
    ] as const) {
      const play = book({ createOn: ['SYN'], teardownOn: ['RST'], control: 'sequence' });
      const teardown = fromServer(V4, { sequence, flags: RST });
      expect(reads(play, [syn, synAck, ack, teardown])).to.equal(wish);
    }
  });

  it('upheavalBy() resynchronises by an RST of other ports', () => {
    for (const control of ['addresses', 'ports'] as const) {
      const play = book({ resyncOn: ['RST'], control });
      const far = fromClient(V4, {
        sequence: 60_000,
        acknowledgment: 5001,
        flags: PSH | ACK,
        payload: text('x'),
      });
      const isLost = reads(play, [syn, synAck, ack, rst(7, elsewhere), far]);
      expect(isLost).to.equal(control === 'ports');
    }
  });

  it('resyncsHere() takes the place of a bare ACK of the client', () => {
    const astray = fromClient(V4, { sequence: 60_000, acknowledgment: 5001, flags: ACK });
    for (const [resyncOn, packets, wish] of [
      [['ACK'], [astray], false],
      [['ACK'], [astray, ack], true],
      [[], [astray], true],
    ] as const)
      expect(reads(book({ resyncOn: [...resyncOn] }), [syn, synAck, ack, ...packets])).to.equal(
        wish,
      );
  });
});
