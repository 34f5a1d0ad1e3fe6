import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import { MIRROR_LIMITS, MIRROR_TIMEOUTS } from '../../../src/model/mirror-defaults.ts';
import type { CopyOutcome } from '../../../src/model/mirror-record.ts';
import type { PlanMirror } from '../../../src/model/mirror.ts';
import { buildTcp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { ip } from '../forward/router.ts';
import {
  type ClientSession,
  type Dialogue,
  SECOND,
  World,
  type WorldOptions,
  requests,
  wordsOf,
} from './world.ts';

/** The target has read exactly what the client said, and nobody else has noticed anything. */
function expectWhole(world: World, session: ClientSession): void {
  const heard = Buffer.concat(world.heardOf(session));
  expect(heard.length).to.equal(wordsOf(session).length);
  expect(Buffer.compare(heard, wordsOf(session))).to.equal(0);
  expectUnnoticed(world);
}

function expectUnnoticed(world: World): void {
  expect(world.astray).to.equal(0);
  expect(world.clientResets).to.equal(0);
  expect(world.mirror.statistics().packets.leaked).to.equal(0);
  for (const { client, dialogue } of world.sessions) {
    const answers = dialogue.requests.reduce((sum, { answer }) => sum + answer, 0);
    expect(client.received.length).to.equal(answers);
  }
}

/** Never silently short: what was told adds up. */
function expectAccounted(world: World): void {
  for (const { copied, sent, short } of world.outcomes()) expect(sent + short).to.equal(copied);
  const { bytes, copies, sessions } = world.mirror.statistics();
  expect(bytes.sent + bytes.short).to.equal(bytes.copied);
  expect(bytes.waiting).to.equal(0);
  expect(copies.whole + copies.short).to.equal(copies.begun);
  expect(sessions.open).to.equal(0);
}

function play(options: WorldOptions, dialogue: Dialogue): { world: World; session: ClientSession } {
  const world = new World(options);
  const session = world.open(dialogue);
  world.finish();
  return { world, session };
}

const told = (world: World): Pick<CopyOutcome, 'ending' | 'copied' | 'short'>[] =>
  world.outcomes().map(({ ending, copied, short }) => ({ ending, copied, short }));

const PLAIN = { timestamps: false, windowScale: false, sackPermitted: false };
const WHOLE: Readonly<Record<string, { options?: WorldOptions; dialogue?: Partial<Dialogue> }>> = {
  'over IPv4': {},
  'over IPv6': { dialogue: { family: 6 } },
  'without any options of the client': { dialogue: { client: PLAIN } },
  'without any options of the target': { options: { conduct: () => ({ settings: PLAIN }) } },
  'where sequence numbers wrap': {
    dialogue: { client: { initialSequence: 2 ** 32 - 300 } },
    options: { conduct: () => ({ settings: { initialSequence: 2 ** 32 - 2 } }) },
  },
  'to a target of small segments and a small window': {
    options: { conduct: () => ({ settings: { maximumSegmentSize: 300, receiveBuffer: 2000 } }) },
  },
  'to a target that reads slowly': {
    options: { conduct: () => ({ reads: 700, settings: { receiveBuffer: 4000 } }) },
  },
  'to a target that answers less': { options: { conduct: () => ({ answer: () => 1 }) } },
  'to a target that answers more': { options: { conduct: () => ({ answer: (n) => 3 * n }) } },
  'to a target that does not answer': { options: { conduct: () => ({ answer: () => 0 }) } },
  'to a target that is far away': {
    options: { links: { target: { delay: 80 }, assistant: { delay: 80 } } },
  },
  'where nobody sees what the online server says': { options: { seesOnline: false } },
  'as it comes, without waiting for answers': { options: { plan: { order: 'none' } } },
  'of a client whose packets are lost, repeated and reordered': {
    options: { links: { clients: { loss: 0.1, duplicates: 0.1, delay: 1, jitter: 4 } } },
  },
  'over a way to the target that loses, repeats and reorders': {
    options: { links: { target: { loss: 0.1, duplicates: 0.1, delay: 1, jitter: 4 } } },
  },
  'over a way back that loses, repeats and reorders': {
    options: { links: { assistant: { loss: 0.1, duplicates: 0.1, delay: 1, jitter: 4 } } },
  },
};

describe('roles/mirror/mirror', () => {
  for (const [what, { options = {}, dialogue = {} }] of Object.entries(WHOLE))
    it(`copies a session whole ${what}`, () => {
      const { world, session } = play(options, {
        requests: [...requests(3, 200, 3000), ...requests(1, 40_000, 10), ...requests(2, 90, 1)],
        ...dialogue,
      });
      expectWhole(world, session);
      expect(told(world)).to.deep.equal([{ ending: 'finished', copied: 40_780, short: 0 }]);
      expectAccounted(world);
    });

  it('copies whatever is said over whatever links, each session whole', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const chance = seededRandom(seed, 'links');
      const link = () => ({
        loss: chance.next() * 0.12,
        duplicates: chance.next() * 0.2,
        delay: chance.next() * 3,
        jitter: chance.next() * 6,
      });
      const links = { clients: link(), target: link(), assistant: link() };
      const world = new World({ seed, links });
      for (let number = 0; number < 4; number += 1)
        world.open({
          requests: requests(1 + chance.below(4), 1 + chance.below(6000), chance.below(4000)),
          family: chance.next() < 0.5 ? 4 : 6,
        });
      world.finish();
      for (const session of world.sessions) expectWhole(world, session);
      expect(world.outcomes().every(({ ending }) => ending === 'finished')).to.equal(true);
      expectAccounted(world);
    }
  });

  it('does the same each time', () => {
    const links = { target: { loss: 0.1, jitter: 3 }, assistant: { loss: 0.1 } };
    const once = () => play({ seed: 7, links }, { requests: requests(4, 3000, 2000) }).world;
    const [first, second] = [once(), once()];
    expect(first.sent).to.deep.equal(second.sent);
    expect(first.news).to.deep.equal(second.news);
  });

  it('joins a connection that was open before, and copies all later requests', () => {
    for (const client of [{}, PLAIN]) {
      const { world, session } = play({}, { requests: requests(8, 500, 4000), unseen: 2, client });
      expectWhole(world, session);
      expect(told(world)).to.deep.equal([{ ending: 'finished', copied: 3000, short: 0 }]);
      const [opened] = world.news;
      expect(opened).to.include({ kind: 'opened', isWhole: false });
    }
  });

  it('noteLeak() counts what others saw go on to clients, and is 0 otherwise', () => {
    const { world } = play({}, { requests: requests(1, 50, 50) });
    expect(world.mirror.statistics().packets.leaked).to.equal(0);
    world.mirror.noteLeak();
    expect(world.mirror.statistics().packets.leaked).to.equal(1);
  });

  it('counts answers that are no copy’s as strays', () => {
    const { world } = play(
      { plan: { target: { node: 'target', addresses: ['10.2.0.2'], port: 10_231 } } },
      { requests: requests(1, 50, 50) },
    );
    const other = buildTcp({
      source: ip('10.2.0.3'),
      destination: ip('10.9.0.1'),
      sourcePort: 10_231,
      destinationPort: 40_000,
      sequence: 1,
      flags: 18,
    });
    const view = new PacketView();
    view.load(other, 0, other.length);
    world.mirror.fromTarget(view, world.now);
    expect(world.mirror.statistics().packets.strays).to.equal(1);
  });

  it('keeps the order of requests and answers', () => {
    const links = { target: { delay: 20 } };
    const { world } = play({ links }, { requests: requests(3, 100, 100) });
    const lengths = world.sent.map(({ length }) => length).filter((length) => length > 0);
    expect(lengths).to.deep.equal([100, 100, 100]);
    // The second and third wait for the answers before them: 2 * 20 ms each.
    const [begun, ended] = [world.news[0]?.time ?? 0, world.outcomes()[0]?.time ?? 0];
    expect(ended - begun).to.be.at.least(100_000);
    const hasty = play({ links, plan: { order: 'none' } }, { requests: requests(3, 100, 100) });
    const [first, last] = [hasty.world.news[0]?.time ?? 0, hasty.world.outcomes()[0]?.time ?? 0];
    expect(last - first).to.be.lessThan(100_000);
  });

  it('copies 1000 sessions at once, each with ports of its own', () => {
    const world = new World();
    for (let number = 0; number < 1000; number += 1)
      world.open({ requests: requests(2, 100, 200), port: 50_000 });
    world.finish();
    for (const session of world.sessions)
      expect(Buffer.compare(Buffer.concat(world.heardOf(session)), wordsOf(session))).to.equal(0);
    expect(world.mirror.statistics()).to.deep.include({
      copies: { begun: 1000, whole: 1000, short: 0, endings: { finished: 1000 } },
      bytes: { ...world.mirror.statistics().bytes, copied: 200_000, sent: 200_000, waiting: 0 },
    });
    expectUnnoticed(world);
  }).timeout(60_000);

  it('says each session as often as it is told, from ports of their own', () => {
    const world = new World({ plan: { multiply: 3 } });
    for (let number = 0; number < 10; number += 1)
      world.open({ requests: requests(2, 700, 900), port: 40_000 });
    world.finish();
    expect(world.targets.size).to.equal(30);
    for (const [, peers] of world.targets)
      expect(Buffer.concat(peers.map(({ received }) => received)).length).to.equal(1400);
    expect(world.outcomes().map(({ short }) => short)).to.deep.equal(new Array(30).fill(0));
    expect(world.mirror.statistics().bytes).to.include({ copied: 42_000, sent: 42_000 });
    expectUnnoticed(world);
  });

  it('speaks from other addresses where it is told to, and from other ports where two meet', () => {
    const world = new World({ plan: { mapped: ['10.200.0.0/30', 'fd0a::/64'] } });
    for (let number = 0; number < 20; number += 1)
      world.open({ requests: requests(1, 100, 100), port: 40_000, family: number < 15 ? 4 : 6 });
    world.finish();
    expect(told(world).filter(({ short }) => short === 0)).to.have.length(20);
    const as = world.news.flatMap((one) => (one.kind === 'opened' ? [one.as] : []));
    expect(new Set(as).size).to.equal(20);
    expect(as.filter((end) => /^10\.200\.0\.[12]:/.test(end))).to.have.length(15);
    expect(as.filter((end) => end.startsWith('[fd0a::'))).to.have.length(5);
  });

  it('copies of a sample whole sessions, the same for the same seed', () => {
    const opened = (seed: number): string[] => {
      const world = new World({ seed, plan: { sample: 0.4 } });
      for (let number = 0; number < 200; number += 1) world.open({ requests: requests(2, 50, 50) });
      world.finish();
      const { sessions, copies } = world.mirror.statistics();
      expect(sessions.seen).to.equal(200);
      expect(copies.whole + (sessions.refused['not-sampled'] ?? 0)).to.equal(200);
      expect(copies.whole).to.be.within(55, 105);
      return world.news.flatMap((one) => (one.kind === 'opened' ? [one.client] : []));
    };
    expect(opened(3)).to.deep.equal(opened(3));
    expect(opened(3)).to.not.deep.equal(opened(4));
  });

  it('copies more and more of them while it begins', () => {
    const world = new World({ plan: { ramp: 100_000 } });
    const whole: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let number = 0; number < 60; number += 1) world.open({ requests: requests(1, 50, 50) });
      world.run(50 * SECOND);
      whole.push(world.mirror.statistics().copies.whole);
    }
    expect(whole[0]).to.equal(0);
    expect((whole[1] ?? 0) - (whole[0] ?? 0)).to.be.within(15, 45);
    expect((whole[2] ?? 0) - (whole[1] ?? 0)).to.equal(60);
  });

  it('refuses what it is not to copy, once a session, and says why', () => {
    const causes = (plan: Partial<PlanMirror>, dialogue: Partial<Dialogue> = {}) => {
      const { world } = play({ plan }, { requests: requests(4, 50, 50), ...dialogue });
      expect(world.sent).to.deep.equal([]);
      return world.mirror.statistics().sessions.refused;
    };
    expect(causes({ clients: ['10.8.0.0/16'] })).to.deep.equal({ 'not-a-client': 1 });
    expect(causes({ sample: 0 })).to.deep.equal({ 'not-sampled': 1 });
    expect(causes({ fullSessions: true }, { unseen: 1 })).to.deep.equal({
      'not-from-its-beginning': 1,
    });
    const target = { node: 'target', addresses: ['10.2.0.2'], port: 1 };
    expect(causes({ target }, { family: 6 })).to.deep.equal({ 'no-target-of-its-family': 1 });
    const limits = { ...MIRROR_LIMITS, sessions: 0 };
    expect(causes({ limits })).to.deep.equal({ 'too-many-sessions': 1 });
  });

  it('copies nothing that is for another server of the same machine', () => {
    const online = { node: 'online', addresses: ['10.1.0.2'], port: 80 };
    const { world } = play({ plan: { online } }, { requests: requests(2, 300, 300) });
    expect([world.sent, world.news]).to.deep.equal([[], []]);
  });

  it('keeps two sessions apart that had the same ports one after the other', () => {
    const world = new World({ links: { target: { delay: 50 } } });
    const first = world.open({ requests: requests(2, 300, 100), end: 'reset' });
    world.run(SECOND / 100);
    world.sessions.pop();
    const client = { initialSequence: 77 };
    const second = world.open({ requests: requests(1, 700, 100), client });
    expect(second.ends).to.deep.equal(first.ends);
    world.finish();
    const byBytes = told(world).toSorted((left, right) => left.copied - right.copied);
    expect(byBytes).to.deep.equal([
      { ending: 'reset-by-client', copied: 600, short: 0 },
      { ending: 'finished', copied: 700, short: 0 },
    ]);
  });

  it('tells how much a target lacks that hangs, and why', () => {
    const conduct = () => ({ hangs: true, settings: { receiveBuffer: 5000 } });
    const { world } = play({ conduct }, { requests: requests(1, 30_000, 10) });
    expect(told(world)).to.deep.equal([{ ending: 'no-window', copied: 30_000, short: 25_000 }]);
    expectUnnoticed(world);
    expectAccounted(world);
  });

  it('tells that a target is not there, or refuses', () => {
    const dialogue = { requests: requests(2, 300, 300) };
    const refused = play({ conduct: () => ({ absent: 'refuses' }) }, dialogue).world;
    expect(told(refused)).to.deep.equal([{ ending: 'refused-by-target', copied: 600, short: 600 }]);
    const silent = play({ conduct: () => ({ absent: 'silent' }) }, dialogue).world;
    expect(told(silent)).to.deep.equal([{ ending: 'no-connection', copied: 600, short: 600 }]);
    const cut = play({ links: { assistant: { loss: 1 } } }, dialogue).world;
    expect(told(cut)).to.deep.equal([{ ending: 'no-connection', copied: 600, short: 600 }]);
    for (const world of [refused, silent, cut]) {
      expectUnnoticed(world);
      expectAccounted(world);
    }
  });

  it('goes on with the next request in another connection after the target has closed', () => {
    const conduct = () => ({ closesAfter: 2 });
    const { world, session } = play({ conduct }, { requests: requests(6, 400, 900) });
    expectWhole(world, session);
    expect(world.heardOf(session).map(({ length }) => length)).to.deep.equal([800, 800, 800]);
    expect(world.outcomes()).to.have.length(1);
    expect(world.outcomes()[0]).to.include({ ending: 'finished', short: 0, reopened: 2 });
  });

  it('connects again no more often than it may', () => {
    const limits = { ...MIRROR_LIMITS, reopens: 1 };
    const conduct = () => ({ closesAfter: 1 });
    const dialogue = { requests: requests(5, 100, 100), pause: 200 };
    const { world } = play({ conduct, plan: { limits } }, dialogue);
    expect(told(world)).to.deep.equal([{ ending: 'closed-by-target', copied: 500, short: 300 }]);
    expect(world.news.map(({ kind }) => kind)).to.deep.equal(['opened', 'failed', 'ended']);
    expectAccounted(world);
  });

  it('leaves out the rest of a request in which the target reset, and goes on with the next', () => {
    const conduct = (connection: number) => (connection === 0 ? { resetsAfter: 3000 } : {});
    const dialogue = { requests: [...requests(1, 20_000, 100), ...requests(2, 500, 100)] };
    const { world } = play({ conduct }, dialogue);
    const [outcome] = world.outcomes();
    expect(outcome).to.include({ ending: 'reset-by-target', copied: 21_000, reopened: 1 });
    expect(outcome?.short).to.be.greaterThan(0);
    expect(outcome?.short).to.be.lessThan(20_000);
    expectUnnoticed(world);
    expectAccounted(world);
  });

  it('passes a reset of the client on, after what came before it', () => {
    const { world, session } = play({}, { requests: requests(2, 5000, 100), end: 'reset' });
    expectWhole(world, session);
    expect(told(world)).to.deep.equal([{ ending: 'reset-by-client', copied: 10_000, short: 0 }]);
  });

  it('tells what the capture lost, and copies what it can', () => {
    let losses = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const { world, session } = play(
        { seed, captureLoss: 0.1 },
        { requests: requests(12, 2000, 500) },
      );
      expectUnnoticed(world);
      expectAccounted(world);
      const heard = Buffer.concat(world.heardOf(session)).length;
      for (const { ending, short, sent } of world.outcomes()) {
        expect(heard).to.be.at.least(sent);
        if (short > 0) losses += 1;
        if (short > 0) expect(ending).to.equal('capture-loss');
      }
    }
    expect(losses).to.be.greaterThan(0);
  });

  it('gives a copy up when more waits than may', () => {
    const limits = { ...MIRROR_LIMITS, sessionBytes: 8000 };
    const conduct = () => ({ reads: 10, settings: { receiveBuffer: 2000 } });
    const { world } = play({ conduct, plan: { limits } }, { requests: requests(1, 50_000, 10) });
    const [outcome] = world.outcomes();
    expect(outcome).to.include({ ending: 'buffer-full', copied: 50_000 });
    expect(outcome?.short).to.be.greaterThan(40_000);
    expect(world.mirror.statistics().bytes.mostWaiting).to.be.lessThan(12_000);
    expectUnnoticed(world);
  });

  it('gives up those that keep most when all together wait for too much', () => {
    const limits = { ...MIRROR_LIMITS, totalBytes: 20_000 };
    const slow = { reads: 10, settings: { receiveBuffer: 2000 } };
    const conduct = (connection: number) => (connection === 0 ? slow : {});
    const world = new World({ conduct, plan: { limits } });
    world.open({ requests: requests(1, 60_000, 10) });
    for (let number = 0; number < 5; number += 1)
      world.open({ requests: requests(20, 300, 10), pause: 1 });
    world.finish();
    const endings = world.outcomes().map(({ ending }) => ending);
    expect(endings.toSorted()).to.deep.equal([
      'buffer-full',
      ...new Array<string>(5).fill('finished'),
    ]);
    expectAccounted(world);
  });

  it('ends a copy of whose client nothing more is heard', () => {
    const timeouts = { ...MIRROR_TIMEOUTS, idle: 20_000 };
    const world = new World({ plan: { timeouts } });
    world.open({ requests: requests(1, 100, 100), end: 'stay' });
    world.run(10 * SECOND);
    expect(told(world)).to.deep.equal([]);
    world.run(30 * SECOND);
    expect(told(world)).to.deep.equal([{ ending: 'idle', copied: 100, short: 0 }]);
    expectAccounted(world);
  });

  it('stop() resets what is open at the target, and tells it', () => {
    const world = new World({ conduct: () => ({ reads: 10, settings: { receiveBuffer: 1000 } }) });
    world.open({ requests: requests(1, 20_000, 100), end: 'stay' });
    world.run(SECOND / 10);
    world.mirror.stop(world.now);
    const [outcome] = world.outcomes();
    expect(outcome).to.include({ ending: 'stopped', copied: 20_000 });
    expect(outcome?.short).to.be.greaterThan(10_000);
    expect(world.sent.at(-1)?.flags).to.equal(0x14);
    expectAccounted(world);
  });
});
