import { expect } from 'chai';
import fc from 'fast-check';
import { createDnsFramer, frameDns } from '../../src/traffic/dns-frame.ts';

describe('traffic/dns-frame', () => {
  it('createDnsFramer() gives back what frameDns() framed, wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
        fc.array(fc.nat(1500), { maxLength: 8 }),
        (messages, cuts) => {
          const stream = Buffer.concat(messages.map(frameDns));
          const framer = createDnsFramer();
          const places = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b)];
          const found = places.flatMap((from, index) =>
            framer.push(stream.subarray(from, places[index + 1] ?? stream.length)),
          );
          expect(found.map((message) => [...message])).to.deep.equal(
            messages.map((message) => [...message]),
          );
        },
      ),
    );
  });
});
