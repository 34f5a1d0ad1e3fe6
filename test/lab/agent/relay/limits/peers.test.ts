// Peers that stop reading, reset or end in the middle of a message: between real sockets, with and without OpenFlow.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { RELAY_LIMITS } from '../../../../../src/model/relay-defaults.ts';
import {
  Ends,
  type Meeting,
  type Way,
  endOf,
  hear,
  readAll,
  relayHasRead,
  standstill,
} from '../ends.ts';
import { UNCHANGING, openflowMessage } from '../unchanging.ts';

const MESSAGE = openflowMessage(60_000);
const MESSAGES = 500;
const SILENT = 40;
/** Bytes: what may wait, and a read and what the kernel keeps of two Unix sockets. */
const MOST = RELAY_LIMITS.bytes + 2_000_000;
const WHOLE = openflowMessage(24);
const HALF = openflowMessage(40).subarray(0, 20);

type Who = 'client' | 'server';
const ends = new Ends();

for (const { name, isFramed, spec } of UNCHANGING)
  describe(`a relay of ${name}`, function () {
    this.timeout(60_000);
    let unix: Way;
    let tcp: Way;
    before(async () => {
      unix = await ends.way('path', spec);
      tcp = await ends.way('IPv4', spec);
    });
    after(() => ends.close());

    for (const who of ['client', 'server'] as const) {
      it(`reads no more of the ${who} than it may keep while the other reads nothing, whom it lets speak`, async () => {
        const { own, other } = sides(who, await unix.meet());
        for (let count = 0; count < MESSAGES; count += 1) own.write(MESSAGE);
        own.end();
        expect(await standstill(() => takenOf(own))).to.be.lessThan(MOST);
        const answer = Buffer.concat([MESSAGE, MESSAGE, MESSAGE]);
        other.write(answer);
        expect((await hear(own, answer.length)).bytes.equals(answer)).to.equal(true);
        const all = Buffer.concat(Array.from({ length: MESSAGES }, () => MESSAGE));
        expect((await readAll(other)).equals(all)).to.equal(true);
      });

      it(`resets the other when the ${who} resets in the middle of a message, behind what was said before`, async () => {
        const meeting = await tcp.meet();
        const next = await tcp.meet();
        const { own, other } = sides(who, meeting);
        const said = Buffer.concat([WHOLE, HALF]);
        own.write(said);
        await relayHasRead(tcp.relay, meeting.session, directionOf(who), said.length);
        // Half a message is none: it has not been passed on.
        const passed = isFramed ? WHOLE : said;
        const heard = await hear(other, passed.length);
        const failed = once(other, 'error');
        own.resetAndDestroy();
        const [error] = (await failed) as [NodeJS.ErrnoException];
        expect(error.code).to.equal('ECONNRESET');
        expect(heard.bytes.equals(passed)).to.equal(true);
        expect(await endOf(tcp.relay, meeting.session)).to.equal(`reset-by-${who}`);
        next.client.end(WHOLE);
        expect((await readAll(next.server)).equals(WHOLE)).to.equal(true);
      });

      it(`passes the end of the ${who} on behind half a message, and what the other says after it`, async () => {
        const meeting = await tcp.meet();
        const { own, other } = sides(who, meeting);
        const said = Buffer.concat([WHOLE, HALF]);
        own.end(said);
        expect((await readAll(other)).equals(said)).to.equal(true);
        const answered = readAll(own);
        const answer = Buffer.concat(Array.from({ length: 10 }, () => openflowMessage(65_535)));
        other.end(answer);
        expect((await answered).equals(answer)).to.equal(true);
        expect(await endOf(tcp.relay, meeting.session)).to.equal('finished');
      });
    }

    it(`keeps no more than that for each of ${SILENT} clients whose server reads nothing`, async () => {
      const clients: Socket[] = [];
      for (; clients.length < SILENT;) clients.push((await unix.meet()).client);
      // The same bytes for all: a test that keeps little itself.
      for (const client of clients)
        for (let count = 0; count < 100; count += 1) client.write(MESSAGE);
      const taken = await standstill(() => clients.reduce((sum, each) => sum + takenOf(each), 0));
      expect(taken).to.be.lessThan(SILENT * MOST);
    });
  });

after(() => ends.dispose());

const sides = (who: Who, { client, server }: Meeting): Record<'own' | 'other', Socket> =>
  who === 'client' ? { own: client, other: server } : { own: server, other: client };

const directionOf = (who: Who): 'upstream' | 'downstream' =>
  who === 'client' ? 'upstream' : 'downstream';

/** Bytes that the kernel has taken from it. */
const takenOf = (socket: Socket): number => socket.bytesWritten - socket.writableLength;
