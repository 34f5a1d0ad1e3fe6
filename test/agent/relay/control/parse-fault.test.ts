import { expect } from 'chai';
import { parseFault } from '../../../../src/agent/relay/control/parse-fault.ts';
import type { RelayFault } from '../../../../src/model/relay.ts';

const SLOW: RelayFault = {
  ...{ name: 'slow', kind: 'latency', direction: 'upstream', probability: 1, enabled: true },
  ...{ latency: 100, jitter: 0 },
};

describe('agent/relay/control/parse-fault', () => {
  it('reads a fault, with what is usual for what is left out', () =>
    expect(
      parseFault({ name: 'slow', kind: 'latency', direction: 'upstream', latency: 100 }, null),
    ).to.deep.equal({ ok: true, value: SLOW }));

  it('changes what is said of one that there is', () =>
    expect(parseFault({ enabled: false, jitter: 5 }, SLOW)).to.deep.equal({
      ok: true,
      value: { ...SLOW, enabled: false, jitter: 5 },
    }));

  for (const [title, value, reason] of [
    ['what is no object', [], 'Expected a JSON object'],
    ['one without a name', { kind: 'latency' }, 'Expected a "name"'],
    ['a name that is no word', { name: 'a b' }, 'found "a b"'],
    ['a kind that there is not', { name: 'a', kind: 'slow' }, 'found "slow"'],
    ['no direction', { name: 'a', kind: 'timeout' }, 'upstream or downstream, found nothing'],
    ['a share above 1', { ...SLOW, probability: 2 }, 'from 0 to 1, found 2'],
    ['a switch that is none', { ...SLOW, enabled: 'yes' }, 'true or false, found "yes"'],
    ['a word of another kind', { ...SLOW, rate: 1 }, 'has no "rate"; it has latency, jitter'],
    [
      'a number that is missing',
      { name: 'a', kind: 'bandwidth', direction: 'upstream' },
      'Expected "rate" of a bandwidth to be a number from 0 on, found nothing',
    ],
    ['a number below 0', { ...SLOW, latency: -1 }, 'found -1'],
    [
      'a part of a byte',
      { name: 'a', kind: 'limit-data', direction: 'upstream', bytes: 2.5 },
      'Expected "bytes" of a limit-data to be a whole number, found 2.5',
    ],
  ] as const)
    it(`refuses ${title}`, () =>
      expect(parseFault(value, null)).to.have.property('error').that.includes(reason));

  it('changes neither name nor kind', () => {
    expect(parseFault({ name: 'other' }, SLOW))
      .to.have.property('error')
      .that.includes('its name');
    expect(parseFault({ kind: 'timeout' }, SLOW))
      .to.have.property('error')
      .that.includes('delete it and make another');
  });
});
