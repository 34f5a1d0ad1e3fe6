import { expect } from 'chai';
import type { MakeHook } from '../../../src/roles/mirror/hook.ts';
import { SECOND, World, requests } from './world.ts';

const COMPARE = { compare: { protocol: 'bytes', ignoreHeaders: [], limit: 5 } } as const;

/** Says everything turned round, once the target has greeted. */
const turning: MakeHook = (output) => {
  const held: Uint8Array[] = [];
  let isGreeted = false;
  const say = (): void => {
    for (const bytes of held.splice(0)) output.say(bytes.toReversed(), 0);
  };
  return {
    fromClient: (bytes) => {
      held.push(bytes.slice());
      if (isGreeted) say();
    },
    fromTarget: () => {
      isGreeted = true;
      say();
    },
    get listens() {
      return !isGreeted;
    },
    get holding() {
      return held.reduce((sum, { length }) => sum + length, 0);
    },
  };
};

describe('roles/mirror/tcp-session', () => {
  it('tells the words of all four in their order, where sessions are compared', () => {
    const world = new World({ plan: COMPARE, keepsPayload: true });
    world.open({ requests: requests(2, 100, 200) });
    world.finish();
    const of = (from: string) => world.words.filter((one) => one.from === from);
    expect(of('client').map(({ length, turn }) => [length, turn])).to.deep.equal([
      [100, 1],
      [100, 2],
      [0, 0],
    ]);
    expect(
      of('copy').map(({ bytes, turn, connection }) => [bytes?.length, turn, connection]),
    ).to.deep.equal([
      [100, 1, 0],
      [100, 2, 0],
    ]);
    expect(of('online').map(({ length }) => length)).to.deep.equal([200, 200]);
    expect(of('target').map(({ bytes, isEnd }) => [bytes?.length, isEnd])).to.deep.equal([
      [200, false],
      [200, false],
      [undefined, true],
    ]);
    expect(of('online').at(0)?.bytes).to.deep.equal(of('target').at(0)?.bytes);
  });

  it('knows the sizes of answers of which only headers come', () => {
    const world = new World({ plan: COMPARE });
    world.open({ requests: requests(1, 100, 200) });
    world.finish();
    const [first] = world.words.filter(({ from }) => from === 'target');
    expect(first).to.include({ length: 200, bytes: null });
  });

  it('tells no words where nothing is compared', () => {
    const world = new World();
    world.open({ requests: requests(1, 100, 200) });
    world.finish();
    expect(world.words).to.deep.equal([]);
  });

  it('says what a hook says, in each copy, and counts what it holds', () => {
    // The target greets before anybody speaks.
    const world = new World({
      plan: { multiply: 2, order: 'none' },
      makeHook: turning,
      keepsPayload: true,
      conduct: () => ({ greets: 30 }),
    });
    const session = world.open({ requests: requests(2, 100, 50) });
    world.finish();
    const words = session.dialogue.requests.map(({ bytes }) => Buffer.from(bytes.toReversed()));
    for (const [, [peer]] of world.targets)
      expect(Buffer.compare(peer?.received ?? new Uint8Array(0), Buffer.concat(words))).to.equal(0);
    expect(world.targets.size).to.equal(2);
    expect(world.outcomes().map(({ copied, short }) => [copied, short])).to.deep.equal([
      [200, 0],
      [200, 0],
    ]);
    const silent = new World({ makeHook: turning, keepsPayload: true });
    silent.open({ requests: requests(2, 100, 50) });
    silent.finish();
    expect(silent.outcomes()[0]).to.include({
      ...{ ending: 'hook-failed', detail: '200 bytes waited for the target' },
      ...{ copied: 200, sent: 0, short: 200 },
    });
  });

  for (const [end, ending] of [
    ['close', 'finished'],
    ['reset', 'reset-by-client'],
  ] as const)
    it(`says what a hook held before the end of a client that had long ended (${end})`, () => {
      const world = new World({
        ...{ makeHook: turning, keepsPayload: true },
        links: { target: { delay: 300 } },
        conduct: () => ({ greets: 30 }),
      });
      const session = world.open({ requests: requests(2, 100, 50), end });
      world.finish();
      const words = session.dialogue.requests.map(({ bytes }) => Buffer.from(bytes.toReversed()));
      const heard = Buffer.concat(world.heardOf(session));
      expect(Buffer.compare(heard, Buffer.concat(words))).to.equal(0);
      expect(world.outcomes()[0]).to.include({ ending, copied: 200, sent: 200, short: 0 });
    });

  it('tells why a hook could not go on', () => {
    const failing: MakeHook = (output) => ({
      fromClient: () => output.fail('no key'),
      fromTarget: () => undefined,
      listens: false,
      holding: 0,
    });
    const world = new World({ makeHook: failing });
    world.open({ requests: requests(1, 100, 50) });
    world.finish();
    expect(world.outcomes()[0]).to.include({ ending: 'hook-failed', detail: 'no key' });
    const blind = new World({ makeHook: turning, conduct: () => ({ greets: 30 }) });
    blind.open({ requests: requests(1, 100, 50) });
    blind.finish();
    expect(blind.outcomes()[0]?.detail).to.equal('the assistant did not keep what the target said');
  });

  it('takes the FIN for lost that the capture did not see, when the online server has closed too', () => {
    let found = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const world = new World({ seed, captureLoss: 0.25 });
      world.open({ requests: requests(1, 1, 1) });
      world.run(20 * SECOND);
      const [outcome] = world.outcomes();
      if (outcome?.short === 0) found += 1;
      if (outcome !== undefined) expect(outcome.copied).to.equal(1);
    }
    expect(found).to.be.greaterThan(20);
  });
});
