import { correctEvent, correctObservation } from '../../src/model/correct-times.ts';
import { type ClockRecord, OWN_CLOCK } from '../../src/model/machine.ts';
import type { AgentEvent } from '../../src/model/rpc.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { TunnelPath } from '../../src/model/tunnel.ts';
import { expect } from 'chai';

const AT = 1_790_000_000_000_000;
/** 3.7 s behind at AT, and slower by 40 ppm. */
const BEHIND: ClockRecord = { offset: 3_700_000, at: AT, drift: 40, error: 100, samples: 9 };

const PACE = 1.00004;

const observation: Observation = {
  flow: 'allowed',
  attempt: 1,
  node: 'client',
  probe: 'tls',
  failure: null,
  operation: null,
  start: AT - 3_700_000,
  end: AT + 6_300_000,
  timings: { connect: 25, tls_handshake: 1000 },
  received: 7,
};

const pathWith = (from: number): TunnelPath => ({
  ...{ tunnel: 'wgnet2', packets: 9, bytes: 900, share: 1 },
  silences: [{ from, to: null }],
});

describe('correctEvent()', () => {
  it('adds offset and drift to its time alone', () => {
    const event = { kind: 'progress', time: AT + 6_300_000, text: 'half' } as const;
    expect(correctEvent(event, BEHIND)).to.deep.equal({ ...event, time: AT + 10_000_400 });
    expect(correctEvent(event, OWN_CLOCK)).to.deep.equal(event);
  });

  it('corrects the times of the switches and silences that a tunnel tells of as well', () => {
    const event: AgentEvent = {
      ...{ kind: 'tunnel-statistics', time: AT + 6_300_000, name: 'wg0', version: '1' },
      ...{ implementation: 'kernel', handshakes: { client: true, server: true } },
      ...{ paths: [pathWith(AT - 3_700_000)], switched: 1, leaked: 0 },
      switches: [{ time: AT - 3_700_000, to: 'wgnet2', micros: 9 }],
    };
    expect(correctEvent(event, BEHIND)).to.deep.equal({
      ...event,
      time: AT + 10_000_400,
      paths: [pathWith(AT)],
      switches: [{ time: AT, to: 'wgnet2', micros: 9 }],
    });
  });
});

describe('correctObservation()', () => {
  it('moves start and end, and stretches what was timed', () => {
    const corrected = correctObservation(observation, BEHIND);
    expect(corrected).to.deep.equal({
      ...observation,
      start: AT,
      end: AT + 10_000_400,
      timings: { connect: 25 * PACE, tls_handshake: 1000 * PACE },
    });
  });

  it('leaves what the controller itself saw as it is', () => {
    expect(correctObservation(observation, OWN_CLOCK)).to.deep.equal(observation);
  });
});
