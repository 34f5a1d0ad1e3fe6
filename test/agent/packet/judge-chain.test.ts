import { expect } from 'chai';
import { EventReporter } from '../../../src/agent/packet/event-reporter.ts';
import { FORGED, JudgeChain } from '../../../src/agent/packet/judge-chain.ts';
import { type PacketReply, SHARED } from '../../../src/agent/packet/order.ts';
import type { CensorEvent, Disposition, Effects } from '../../../src/model/middlebox.ts';

const PACKET = Uint8Array.of(1, 2, 3);
const EVENT: CensorEvent = {
  censor: 'c',
  rule: 'r',
  action: 'match',
  protocol: 'udp',
  source: '',
  sourcePort: 0,
  destination: '',
  destinationPort: 0,
  detail: '',
};

/** Judges that answer so, in order; `holds` false for on-path ones. */
function chainOf(
  ...judges: readonly (readonly [Disposition, boolean, ((effects: Effects) => void)?])[]
): {
  asked: number[];
  emitted: [number, number][];
  replies: PacketReply[];
  chain: JudgeChain;
} {
  const asked: number[] = [];
  const emitted: [number, number][] = [];
  const replies: PacketReply[] = [];
  const reporter = new EventReporter(new Int32Array(SHARED.words), (reply) => replies.push(reply));
  const boxes = judges.map(([disposition, holds, act], index) => ({
    holds,
    box: {
      settled: disposition === 'pass',
      epoch: 1,
      judge: (
        _memory: Uint8Array,
        _start: number,
        _end: number,
        _now: number,
        effects: Effects,
      ) => {
        asked.push(index);
        act?.(effects);
        reporter.flush();
        return disposition;
      },
    },
  }));
  const chain = new JudgeChain(boxes, 'middle', reporter, (_, at, stage) =>
    emitted.push([at, stage]),
  );
  return { asked, emitted, replies, chain };
}

describe('agent/packet/judge-chain', () => {
  for (const [what, judges, passes, asked] of [
    [
      'all let it pass',
      [
        ['pass', true],
        ['pass', true],
      ],
      true,
      [0, 1],
    ],
    [
      'the first drops it',
      [
        ['drop', true],
        ['pass', true],
      ],
      false,
      [0],
    ],
    [
      'the first takes it',
      [
        ['taken', true],
        ['pass', true],
      ],
      false,
      [0],
    ],
    [
      'an on-path judge cannot drop it',
      [
        ['drop', false],
        ['pass', true],
      ],
      true,
      [0, 1],
    ],
    ['there is no judge', [], true, []],
  ] as const)
    it(`judge() asks in order: ${what}`, () => {
      const found = chainOf(...judges);
      expect(found.chain.judge(PACKET, 0, 3, 5)).to.equal(passes);
      expect(found.asked).to.deep.equal(asked);
    });

  it('judge() goes on from the stage of a packet that was held', () => {
    const found = chainOf(['drop', true], ['pass', true]);
    expect(found.chain.judge(PACKET, 0, 3, 5, 1)).to.equal(true);
    expect(found.asked).to.deep.equal([1]);
  });

  it('emit() sends held packets on to the next judge and forged ones past all', () => {
    const send = (effects: Effects): void => {
      effects.emit(PACKET, 10, 'injected');
      effects.emit(PACKET, 20, 'forwarded');
    };
    const inPath = chainOf(['taken', true, send]);
    inPath.chain.judge(PACKET, 0, 3, 5);
    expect(inPath.emitted).to.deep.equal([
      [10, FORGED],
      [20, 1],
    ]);
    const onPath = chainOf(['pass', false, send]);
    onPath.chain.judge(PACKET, 0, 3, 5);
    expect(onPath.emitted).to.deep.equal([
      [10, FORGED],
      [20, FORGED],
    ]);
  });

  it('report() adds time and node', () => {
    const found = chainOf(['pass', true, (effects) => effects.report(EVENT)]);
    found.chain.judge(PACKET, 0, 3, 5);
    const [reply] = found.replies;
    expect(reply?.kind === 'events' && reply.events[0]).to.include({ node: 'middle', rule: 'r' });
    expect(reply?.kind === 'events' && reply.events[0]?.time).to.be.closeTo(
      Date.now() * 1000,
      60e6,
    );
  });
});
