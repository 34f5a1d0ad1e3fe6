// Messages however their bytes come, the longest, and lengths that cannot be: between real sockets, with and without OpenFlow.
import { expect } from 'chai';
import { Ends, type Way, countersOf, endOf, hear, readAll, relayHasRead } from '../ends.ts';
import { UNCHANGING, openflowMessage } from '../unchanging.ts';

const MESSAGES = [8, 13, 8, 24].map((length, index) => openflowMessage(length, index));
const STREAM = Buffer.concat(MESSAGES);
/** Places at which a stream is cut: each by itself, all of them, none. */
const PLACES = Array.from({ length: STREAM.length - 1 }, (_, index) => index + 1);
const CUTS = [...PLACES.map((place) => [place]), PLACES, []];
const PIECES = CUTS.reduce((sum, cut) => sum + cut.length + 1, 0);

for (const { name, isFramed, spec } of UNCHANGING)
  describe(`a relay of ${name}`, function () {
    this.timeout(60_000);
    const ends = new Ends();
    let way: Way;
    before(async () => (way = await ends.way('IPv4', spec)));
    after(async () => {
      await ends.close();
      ends.dispose();
    });

    it('passes what is cut in two anywhere, comes byte by byte, or all at once', async () => {
      for (const cut of CUTS) {
        const { client, server, session } = await way.meet();
        const heard = readAll(server);
        let from = 0;
        for (const to of [...cut, STREAM.length]) {
          client.write(STREAM.subarray(from, to));
          from = to;
          // So that the next piece is read by itself.
          await relayHasRead(way.relay, session, 'upstream', to);
        }
        client.end();
        expect((await heard).equals(STREAM), `cut at ${cut.join()}`).to.equal(true);
      }
      const { upstream, framingFaults } = await countersOf(way.relay);
      const messages = isFramed ? CUTS.length * MESSAGES.length : PIECES;
      expect({ ...upstream, framingFaults }).to.deep.equal({
        ...{ bytesIn: CUTS.length * STREAM.length, bytesOut: CUTS.length * STREAM.length },
        ...{ messagesIn: messages, messagesOut: messages, framingFaults: 0 },
      });
    });

    it('passes the longest messages, both ways at once', async () => {
      const { client, server } = await way.meet();
      const before = await countersOf(way.relay);
      const all = Buffer.concat(Array.from({ length: 50 }, () => openflowMessage(65_535)));
      const heard = Promise.all([client, server].map(readAll));
      for (const socket of [client, server]) socket.end(all);
      for (const bytes of await heard) expect(bytes.equals(all)).to.equal(true);
      if (!isFramed) return;
      const after = await countersOf(way.relay);
      for (const direction of ['upstream', 'downstream'] as const)
        expect(after[direction].messagesOut - before[direction].messagesOut).to.equal(50);
    });
  });

for (const { name, spec } of UNCHANGING.filter(({ isFramed }) => isFramed))
  for (const onFramingFault of ['pass', 'close'] as const)
    describe(`a relay of ${name} whose length is below the header (${onFramingFault})`, function () {
      this.timeout(60_000);
      const ends = new Ends();
      let way: Way;
      before(async () => (way = await ends.way('IPv4', { ...spec, onFramingFault })));
      after(async () => {
        await ends.close();
        ends.dispose();
      });

      for (const length of [0, 7])
        for (const who of ['client', 'server'] as const) {
          const right = openflowMessage(40);
          const wrong = Buffer.from([4, 2, 0, length, 0, 0, 0, 1]);
          const all = Buffer.concat([right, wrong, openflowMessage(16), Buffer.from('behind')]);
          const isPassed = onFramingFault === 'pass';

          it(`${isPassed ? 'goes on as bytes' : 'ends'} behind what the ${who} said before ${length}, and counts it`, async () => {
            const { client, server, session } = await way.meet();
            const [speaker, other] = who === 'client' ? [client, server] : [server, client];
            const { framingFaults } = await countersOf(way.relay);
            const heard = Promise.all([readAll(other), readAll(speaker)]);
            other.write(right);
            await relayHasRead(
              way.relay,
              session,
              who === 'client' ? 'downstream' : 'upstream',
              right.length,
            );
            speaker.write(all);
            if (isPassed) for (const socket of [speaker, other]) socket.end('later');
            const later = Buffer.from(isPassed ? 'later' : '');
            const [said, answered] = await heard;
            expect(said.equals(isPassed ? Buffer.concat([all, later]) : right)).to.equal(true);
            expect(answered.equals(Buffer.concat([right, later]))).to.equal(true);
            expect(await countersOf(way.relay)).to.include({ framingFaults: framingFaults + 1 });
            expect(await endOf(way.relay, session)).to.equal(
              isPassed ? 'finished' : 'framing-fault',
            );
            expect(
              await way.relay.heard((news) => news.kind === 'note' && news.session === session),
            )
              .to.have.property('text')
              .that.includes(`it has ${length} bytes: fewer than 8`);
          });
        }

      it('tells messages of other sessions apart as before', async () => {
        const before = await countersOf(way.relay);
        const { client, server } = await way.meet();
        client.write(STREAM);
        expect((await hear(server, STREAM.length)).bytes.equals(STREAM)).to.equal(true);
        const { upstream } = await countersOf(way.relay);
        expect(upstream.messagesOut - before.upstream.messagesOut).to.equal(MESSAGES.length);
      });
    });
