import { expect } from 'chai';
import fc from 'fast-check';
import { Outbox } from '../../src/offline/outbox.ts';

describe('Outbox', () => {
  it('sends in order of time, and what is due at once in the order in which it came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 60 }), (times) => {
        const sent: (readonly [number, number])[] = [];
        const outbox = new Outbox((packet, time) => sent.push([time, packet[0] ?? 0]));
        for (const [index, at] of times.entries()) outbox.sendLater(Uint8Array.of(index), at);
        outbox.advance(10);
        expect(sent.every(([time]) => time <= 10)).to.equal(true);
        outbox.advance(Infinity);
        const wished = times
          .map((at, index) => [at, index] as const)
          .toSorted((left, right) => left[0] - right[0] || left[1] - right[1]);
        expect(sent).to.deep.equal(wished);
      }),
    );
  });

  it('lets go what is due before it sends what leaves now, and keeps a copy', () => {
    const sent: string[] = [];
    const outbox = new Outbox((packet, time) => sent.push(`${packet[0]}@${time}`));
    const packet = Uint8Array.of(1);
    outbox.sendLater(packet, 5);
    packet[0] = 9;
    outbox.sendLater(Uint8Array.of(2), 50);
    outbox.send(Uint8Array.of(3), 10);
    expect(sent).to.deep.equal(['1@5', '3@10']);
  });

  it('is bounded: of too many the first leaves early', () => {
    let count = 0;
    const outbox = new Outbox(() => (count += 1));
    for (let at = 0; at < 70_000; at += 1) outbox.sendLater(Uint8Array.of(1), 1e9 + at);
    expect(count).to.equal(70_000 - 65_536);
  });
});
