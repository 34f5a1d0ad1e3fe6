import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import { NODES, planNetwork } from '../support/plans.ts';
import { EPOCH, Tape, type TapeOptions, impairment } from '../support/tape.ts';

const DATA = new Uint8Array(1000);

/** The censor's own word for it. */
function throttleOf(tape: Tape): AgentEvent {
  const { fiveTuple } = tape.observation();
  const rule = { node: 'middle', censor: 'censor', rule: 'slow', action: 'throttle' } as const;
  return { kind: 'censor', time: EPOCH + 60_000, ...rule, ...fiveTuple!, detail: '' };
}

/** Downloads 60 segments of 1000 bytes; `through` says when each leaves the middle, or null for never. */
function download(
  through: (index: number, entered: number) => number | null,
  options: TapeOptions = {},
): Tape {
  const tape = new Tape(options);
  tape.events.push(throttleOf(tape));
  tape.handshake();
  for (let index = 0; index < 60; index += 1) {
    const sent = 60 + index * 10;
    const segment = {
      forward: false,
      sequence: 5001 + index * 1000,
      payload: DATA,
      ipId: index + 1,
    };
    tape.pass(sent, segment, { to: 'middle.outside' });
    const left = through(index, sent + 20);
    if (left !== null) tape.pass(left, segment, { from: 'middle.inside' });
  }
  return tape;
}

const third = (index: number, entered: number): number | null =>
  index % 3 === 2 ? null : entered + 0.1;

describe('detectThrottled()', () => {
  it('finds policing: one node drops in turns', () => {
    const tape = download(third);
    const [verdict] = analyse(tape.evidence(tape.observation()));
    expect(verdict).to.include({ failure: null, cause: 'throttled', by: 'middle' });
    expect(verdict!.summary).to.match(
      /^throttled to \d+ kbit\/s by middle: 20 of 60 segments dropped$/,
    );
  });

  it('finds shaping: one node makes segments wait ever longer', () => {
    const tape = download((index, entered) => entered + index * 20);
    const [verdict] = analyse(tape.evidence(tape.observation({ end: 1_790_000_003_000_000 })));
    expect(verdict).to.include({ cause: 'throttled', by: 'middle' });
    expect(verdict!.summary).to.match(/: segments held for up to 1\.18 s$/);
  });

  it('believes a censor of the lab that says nothing of throttling', () => {
    const waits = download((index, entered) => entered + index * 20);
    waits.events.length = 0;
    const seen = waits.observation({ end: EPOCH + 3_000_000 });
    expect(analyse(waits.evidence(seen))[0]).to.include({ cause: null });
  });

  it('finds throttling by a node without a censor', () => {
    const waits = download((index, entered) => entered + index * 20, { plan: { censors: [] } });
    waits.events.length = 0;
    const seen = waits.observation({ end: EPOCH + 3_000_000 });
    expect(analyse(waits.evidence(seen))[0]).to.include({ cause: 'throttled', by: 'middle' });
  });

  it('explains a timeout', () => {
    const tape = download(third);
    const seen = tape.observation({ failure: 'generic_timeout_error', operation: 'read' });
    expect(analyse(tape.evidence(seen))[0]).to.include({ cause: 'throttled', by: 'middle' });
  });

  it('does not take a block in the middle of a flow for throttling', () => {
    const tape = download((index, entered) => (index < 20 ? entered + 0.1 : null));
    const seen = tape.observation({ failure: 'generic_timeout_error', operation: 'read' });
    expect(analyse(tape.evidence(seen))[0]).to.include({ cause: 'dropped', by: 'middle' });
  });

  it('does not blame a node for what the slowest link gives', () => {
    const { client, middle, server } = NODES;
    const rate = impairment({ rate: 600_000, queue: 10_000 });
    const tape = download(third, {
      captured: ['client.inside', 'server.outside'],
      plan: {
        networks: [
          planNetwork('inside', [client, middle], { middle: rate }),
          planNetwork('outside', [middle, server]),
        ],
      },
    });
    expect(analyse(tape.evidence(tape.observation()))[0]).to.include({ cause: null });
  });

  it('leaves an undisturbed download alone', () => {
    const tape = download((_index, entered) => entered + 0.1);
    const [verdict] = analyse(tape.evidence(tape.observation({ received: 100_000 })));
    expect(verdict).to.include({ cause: null });
    expect(verdict!.metrics.goodput).to.be.closeTo(800_000, 5000);
  });
});
