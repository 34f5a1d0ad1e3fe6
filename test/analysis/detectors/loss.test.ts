import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import type { Impairment, Plan } from '../../../src/model/plan.ts';
import { NODES, type Place, planNetwork } from '../support/plans.ts';
import { Tape, type TapeOptions, impairment } from '../support/tape.ts';

const TIMEOUT = { failure: 'generic_timeout_error', operation: 'connect' };
const HELLO = Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 0);

const lossyInside = (client: Impairment): Partial<Plan> => ({
  networks: [
    planNetwork('inside', [NODES.client, NODES.middle], { client }),
    planNetwork('outside', [NODES.middle, NODES.server]),
  ],
});

/** SYNs that come as far as `to`. */
function silent(to: Place, options: TapeOptions = {}, count = 2): Tape {
  const tape = new Tape(options);
  for (let again = 0; again < count; again += 1)
    tape.pass(
      again * 200,
      { forward: true, flags: ['SYN'], sequence: 1000, timestamp: again },
      { to },
    );
  return tape;
}

describe('detectDropped()', () => {
  for (const family of [4, 6] as const)
    it(`finds a SYN that a node took in and never let out, over IPv${family}`, () => {
      const tape = silent('middle.inside', { family });
      const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
      expect(verdict).to.include({
        cause: 'dropped',
        by: 'middle',
        summary: 'SYN dropped by middle, 2 times',
      });
      expect(verdict!.proof).to.deep.include({
        capture: 'server.outside',
        frame: null,
        note: 'no such packet reached server',
      });
    });

  it('names what was dropped', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(51, { forward: true, sequence: 1001, payload: HELLO }, { to: 'middle.inside' });
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({ summary: 'ClientHello dropped by middle' });
  });

  it('finds answers that were dropped on the way back', () => {
    const tape = new Tape({ protocol: 'udp' });
    tape.pass(0, { forward: true, payload: new Uint8Array(20) });
    tape.pass(26, { forward: false, payload: new Uint8Array(30) }, { to: 'middle.outside' });
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({ cause: 'dropped', by: 'middle' });
    expect(verdict!.summary).to.equal('DNS answer dropped by middle');
  });

  it('suspects the censor between captures of the ends alone', () => {
    const tape = silent('middle.inside', { captured: ['client.inside', 'server.outside'] });
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({ cause: 'dropped', by: 'middle' });
  });

  it('suspects the censor on a lossy way only when chance does not do', () => {
    const options: TapeOptions = {
      captured: ['client.inside', 'server.outside'],
      plan: lossyInside(impairment({ lossRatio: 0.1 })),
    };
    const judge = (count: number): string | null | undefined => {
      const tape = silent('middle.inside', options, count);
      return analyse(tape.evidence(tape.observation(TIMEOUT)))[0]?.cause;
    };
    expect(judge(1)).to.equal('link-loss');
    expect(judge(4)).to.equal('dropped');
  });

  it('holds a loss that a retransmission made up for to be none', () => {
    const tape = new Tape();
    tape.pass(0, { forward: true, flags: ['SYN'], sequence: 1000 }, { to: 'middle.inside' });
    tape.handshake(200);
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({
      cause: 'unexplained',
      summary: 'server sent nothing more, and nothing was lost on the way',
    });
    expect(verdict!.metrics.retransmissions).to.equal(1);
  });

  it('cannot speak of captures whose filter hides the flow', () => {
    const hidden = {
      node: 'middle',
      network: 'outside',
      interface: '',
      file: '',
      filter: 'icmp',
      snaplen: 65_535,
    };
    const tape = silent('middle.inside', {
      captured: ['client.inside', 'middle.inside', 'middle.outside'],
      plan: { captures: [hidden] },
    });
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({ cause: 'unexplained' });
  });
});

describe('detectLinkLoss()', () => {
  it('finds packets that left a node and never came to the next', () => {
    const tape = silent('client.inside', { plan: lossyInside(impairment({ lossRatio: 1 })) });
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({
      cause: 'link-loss',
      by: null,
      summary: 'SYN lost on network inside, 2 times',
    });
  });

  it('blames the node for a packet of which one copy was lost on a link', () => {
    const tape = silent('middle.inside', { plan: lossyInside(impairment({ lossRatio: 0.5 })) });
    tape.pass(400, { forward: true, flags: ['SYN'], sequence: 1000 }, { to: 'client.inside' });
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({ cause: 'dropped', by: 'middle' });
  });

  it('counts a datagram that a link corrupted as lost there', () => {
    const plan = lossyInside(impairment({ corruptRatio: 0.1 }));
    const tape = new Tape({ protocol: 'udp', plan });
    const query = { forward: true, payload: 'abc', ipId: 77 };
    tape.pass(0, query, { to: 'client.inside' });
    tape.along(5, true, { from: 'middle.inside' }, (ttl) => {
      const flipped = tape.packet({ ...query, ttl });
      flipped[flipped.length - 1] = 0xff;
      return flipped;
    });
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({
      cause: 'link-loss',
      by: null,
      summary: 'datagram corrupted on network inside',
    });
  });
});
