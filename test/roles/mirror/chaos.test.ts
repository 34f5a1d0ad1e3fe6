import { expect } from 'chai';
import { type Random, seededRandom } from '../../../src/base/random.ts';
import { MIRROR_LIMITS, MIRROR_TIMEOUTS } from '../../../src/model/mirror-defaults.ts';
import { createMirror } from '../../../src/roles/mirror/mirror.ts';
import { type TcpSpec, buildTcp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { emitTcpOptions } from '../../../src/wire/tcp-options.ts';
import { ip } from '../forward/router.ts';
import { type Conduct, PLAN, START, World, requests } from './world.ts';

/** What a target may do to a connection. */
function conductOf(chance: Random): Conduct {
  switch (chance.below(9)) {
    case 0:
      return { absent: 'refuses' };
    case 1:
      return { absent: 'silent' };
    case 2:
      return { hangs: true, settings: { receiveBuffer: 1 + chance.below(9000) } };
    case 3:
      return { resetsAfter: 1 + chance.below(9000) };
    case 4:
      return { closesAfter: 1 + chance.below(3) };
    case 5:
      return { reads: 1 + chance.below(2000), settings: { receiveBuffer: 4000 } };
    case 6:
      return { answer: (bytes) => chance.below(2 * bytes + 1) };
    default:
      return {};
  }
}

describe('roles/mirror/mirror, whatever happens', () => {
  it('accounts for each byte, ends each copy, and is noticed by nobody', () => {
    const endings = new Set<string>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const chance = seededRandom(seed, 'chaos');
      const link = () => ({
        loss: chance.next() * 0.1,
        duplicates: chance.next() * 0.1,
        jitter: chance.next() * 4,
      });
      const conducts = Array.from({ length: 200 }, () => conductOf(chance));
      const world = new World({
        seed,
        links: { clients: link(), target: link(), assistant: link() },
        captureLoss: chance.below(3) === 0 ? 0.05 : 0,
        seesOnline: chance.next() < 0.7,
        conduct: (connection) => conducts[connection % conducts.length] ?? {},
        plan: {
          multiply: 1 + chance.below(3),
          order: chance.next() < 0.8 ? 'answers' : 'none',
          limits: { ...MIRROR_LIMITS, reopens: chance.below(4), sessionBytes: 30_000 },
          timeouts: { ...MIRROR_TIMEOUTS, idle: 60_000 },
        },
      });
      const ends = ['close', 'reset', 'stay'] as const;
      for (let number = 0; number < 4; number += 1)
        world.open({
          requests: requests(1 + chance.below(5), 1 + chance.below(9000), chance.below(3000)),
          unseen: chance.below(2),
          end: ends[chance.below(3)] ?? 'close',
          family: chance.next() < 0.5 ? 4 : 6,
        });
      world.run(600_000_000);
      world.mirror.stop(world.now);
      for (const { copied, sent, short, ending } of world.outcomes()) {
        expect(sent + short).to.equal(copied);
        endings.add(ending);
      }
      const { sessions, copies, bytes, packets } = world.mirror.statistics();
      expect([sessions.open, bytes.waiting, packets.leaked, world.astray]).to.deep.equal([
        0, 0, 0, 0,
      ]);
      expect(copies.whole + copies.short).to.equal(copies.begun);
      for (const session of world.sessions) {
        const answers = session.dialogue.requests.reduce((sum, { answer }) => sum + answer, 0);
        expect(session.client.received.length).to.equal(answers);
      }
      // Whatever was called acknowledged, the target has read or could read.
      const heard = [...world.targets.values()].flat();
      const taken = heard.reduce(
        (sum, { received, tcp }) => sum + received.length + tcp.numbers.available,
        0,
      );
      expect(taken).to.be.at.least(bytes.sent);
    }
    expect(endings).to.include.members([
      'finished',
      'reset-by-client',
      'reset-by-target',
      'closed-by-target',
      'refused-by-target',
      'no-connection',
      'no-window',
      'idle',
    ]);
  }).timeout(60_000);

  it('takes any segment from anybody, says nothing to anybody but the target, and is never due for ever', () => {
    const [client, online, target] = [ip('10.9.0.1'), ip('10.1.0.2'), ip('10.2.0.2')];
    const options = [
      new Uint8Array(0),
      emitTcpOptions([{ kind: 'timestamps', value: 9, echo: 8 }]),
      emitTcpOptions([{ kind: 'maximum-segment-size', size: 0 }]),
      emitTcpOptions([{ kind: 'window-scale', shift: 255 }]),
      Uint8Array.of(8, 3, 1, 2),
    ];
    for (let seed = 1; seed <= 40; seed += 1) {
      const chance = seededRandom(seed, 'segments');
      let now = START;
      let astray = 0;
      const view = new PacketView();
      const mirror = createMirror({
        plan: { ...PLAN, timeouts: { ...MIRROR_TIMEOUTS, idle: 5000, stall: 3000 } },
        seed,
        makeHook: null,
        port: {
          send: (packet) => {
            const sent = new PacketView();
            sent.load(packet, 0, packet.length);
            if (sent.destinationText !== '10.2.0.2' || sent.destinationPort !== 10_231) astray += 1;
          },
          tell: () => undefined,
          heard: () => undefined,
        },
      });
      // Near to each other, so that many of them mean something.
      const number = (): number =>
        chance.below(8) === 0 ? chance.below(2 ** 32) : chance.below(64);
      const segment = (): Omit<
        TcpSpec,
        'source' | 'destination' | 'sourcePort' | 'destinationPort'
      > => ({
        sequence: number(),
        acknowledgment: number(),
        flags: chance.below(64),
        window: chance.below(3) === 0 ? 0 : chance.below(65_536),
        options: options[chance.below(options.length)],
        payload: new Uint8Array(chance.below(3) === 0 ? chance.below(40) : 0),
      });
      const client1 = { source: client, sourcePort: 40_000 };
      for (let turn = 0; turn < 1500; turn += 1) {
        now += chance.below(30_000);
        for (let wakes = 0; mirror.nextDue <= now; wakes += 1) {
          expect(wakes).to.be.lessThan(100);
          mirror.onTime(now);
        }
        const from = chance.below(3);
        const packet =
          from === 0
            ? buildTcp({ ...segment(), ...client1, destination: online, destinationPort: 9999 })
            : buildTcp({
                ...segment(),
                source: from === 1 ? online : target,
                sourcePort: from === 1 ? 9999 : 10_231,
                destination: client,
                destinationPort: 40_000,
              });
        view.load(packet, 0, packet.length);
        if (from === 0) mirror.fromClient(view, now);
        else if (from === 1) mirror.fromOnline(view, now);
        else mirror.fromTarget(view, now);
      }
      mirror.stop(now);
      const { sessions, bytes } = mirror.statistics();
      expect([astray, sessions.open, bytes.waiting]).to.deep.equal([0, 0, 0]);
      expect(bytes.sent + bytes.short).to.equal(bytes.copied);
    }
  }).timeout(60_000);
});
