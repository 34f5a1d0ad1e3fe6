import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import type { MirrorNews } from '../../../src/model/mirror-record.ts';
import type { PlanMirror } from '../../../src/model/mirror.ts';
import { Reassembler } from '../../../src/roles/endpoint/reassembler.ts';
import type { Words } from '../../../src/roles/mirror/mirror-port.ts';
import { type Mirror, createMirror } from '../../../src/roles/mirror/mirror.ts';
import { buildUdp } from '../../../src/wire/build.ts';
import { fragmentPacket } from '../../../src/wire/fragment.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { ip } from '../forward/router.ts';
import { PLAN, SECOND, START } from './world.ts';

const ONLINE = { 4: ip('10.1.0.2'), 6: ip('fd01::2') };
const TARGET = { 4: ip('10.2.0.2'), 6: ip('fd02::2') };
const CLIENT = { 4: ip('10.9.0.1'), 6: ip('fd09::1') };

function open(plan: Partial<PlanMirror> = {}) {
  const sent: Uint8Array[] = [];
  const news: MirrorNews[] = [];
  const words: Words[] = [];
  const mirror = createMirror({
    plan: { ...PLAN, protocol: 'udp', ...plan },
    seed: 1,
    makeHook: null,
    port: {
      send: (packet) => sent.push(packet.slice()),
      tell: (one) => news.push(one),
      heard: (one) => words.push({ ...one, bytes: one.bytes?.slice() ?? null }),
    },
  });
  return { mirror, sent, news, words };
}

const ask = (payload: Uint8Array, family: 4 | 6 = 4, sourcePort = 5353): Uint8Array =>
  buildUdp({
    source: CLIENT[family],
    destination: ONLINE[family],
    sourcePort,
    destinationPort: PLAN.online.port,
    payload,
  });

const answer = (payload: Uint8Array, family: 4 | 6, to = 5353): Uint8Array =>
  buildUdp({
    source: TARGET[family],
    destination: CLIENT[family],
    sourcePort: PLAN.target.port,
    destinationPort: to,
    payload,
  });

function load(packet: Uint8Array): PacketView {
  const view = new PacketView();
  if (!view.load(packet, 0, packet.length)) throw new Error(view.fault ?? '');
  return view;
}

const say = (mirror: Mirror, packet: Uint8Array, now = START): void =>
  mirror.fromClient(load(packet), now);

describe('roles/mirror/datagram-session', () => {
  for (const family of [4, 6] as const)
    it(`copies each datagram with the client's own end, over IPv${family}`, () => {
      const { mirror, sent } = open();
      const payload = seededRandom(1).bytes(300);
      say(mirror, ask(payload, family));
      say(mirror, ask(payload.subarray(5), family));
      expect(sent.map((packet) => [...load(packet).payload])).to.deep.equal([
        [...payload],
        [...payload.subarray(5)],
      ]);
      for (const view of sent.map(load)) {
        expect([view.source, view.sourcePort]).to.deep.equal([CLIENT[family], 5353]);
        expect([view.destination, view.destinationPort]).to.deep.equal([TARGET[family], 10_231]);
        expect(view.verifyTransportChecksum()).to.equal('valid');
      }
      mirror.fromTarget(load(answer(payload, family)), START);
      mirror.fromTarget(load(answer(payload, family, 77)), START);
      expect(mirror.statistics().packets).to.include({ answers: 2, strays: 1, sent: 2 });
    });

  it('puts together what came in pieces, and cuts what the way to the target does not take whole', () => {
    for (const family of [4, 6] as const) {
      const { mirror, sent } = open();
      const payload = seededRandom(2).bytes(4000);
      for (const piece of fragmentPacket(ask(payload, family), [1480, 1480], 9)) say(mirror, piece);
      expect(sent.every(({ length }) => length <= 1500)).to.equal(true);
      const reassembler = new Reassembler();
      const whole = sent.map((packet) => reassembler.push(load(packet), START)).at(-1);
      expect([...load(whole ?? new Uint8Array(0)).payload]).to.deep.equal([...payload]);
    }
  });

  it('is over when nothing was heard of the client for a minute', () => {
    const { mirror, news } = open({ multiply: 2 });
    say(mirror, ask(new Uint8Array(100)));
    for (let now = START; now < START + 59 * SECOND; now += SECOND) mirror.onTime(now);
    expect(news.map(({ kind }) => kind)).to.deep.equal(['opened', 'opened']);
    for (let now = START; now < START + 70 * SECOND; now += SECOND) mirror.onTime(now);
    expect(
      news.slice(2).map((one) => one.kind === 'ended' && [one.ending, one.sent]),
    ).to.deep.equal([
      ['finished', 100],
      ['finished', 100],
    ]);
    expect(mirror.statistics().sessions.open).to.equal(0);
    say(mirror, ask(new Uint8Array(100)), START + 80 * SECOND);
    expect(mirror.statistics().sessions.seen).to.equal(2);
  });

  it('tells what the capture cut off', () => {
    const { mirror, news, sent } = open();
    const packet = ask(new Uint8Array(1000));
    const view = new PacketView();
    view.load(packet, 0, 200, packet.length);
    mirror.fromClient(view, START);
    mirror.stop(START + 1);
    expect(sent).to.deep.equal([]);
    expect(news.at(-1)).to.include({ ending: 'stopped', copied: 1000, sent: 0, short: 1000 });
  });

  it('tells what is said where it is compared, and nothing otherwise', () => {
    const compare = { protocol: 'bytes', ignoreHeaders: [], limit: 10 } as const;
    const { mirror, words } = open({ compare });
    say(mirror, ask(new Uint8Array(10)));
    const online = buildUdp({
      source: ONLINE[4],
      destination: CLIENT[4],
      sourcePort: PLAN.online.port,
      destinationPort: 5353,
      payload: new Uint8Array(30),
    });
    mirror.fromOnline(load(online), START + 4);
    mirror.fromTarget(load(answer(new Uint8Array(20), 4)), START + 5);
    mirror.stop(START + 9);
    expect(words.map(({ from, length, isEnd }) => [from, length, isEnd])).to.deep.equal([
      ['client', 10, false],
      ['copy', 10, false],
      ['online', 30, false],
      ['target', 20, false],
      ['client', 0, true],
      ['target', 0, true],
    ]);
    const quiet = open();
    say(quiet.mirror, ask(new Uint8Array(10)));
    expect(quiet.words).to.deep.equal([]);
  });
});
