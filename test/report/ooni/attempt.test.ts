import { expect } from 'chai';
import { endpointOf, failureDuring, runtimeOf, seconds } from '../../../src/report/ooni/attempt.ts';
import { attempt } from './attempts.ts';

describe('endpointOf()', () => {
  it('puts IPv6 in brackets', () => {
    expect(endpointOf('10.0.0.1', 80)).to.equal('10.0.0.1:80');
    expect(endpointOf('fd00::1', 80)).to.equal('[fd00::1]:80');
  });
});

describe('seconds()', () => {
  it('keeps a microsecond and nothing finer', () => {
    expect(seconds(76.1254)).to.equal(0.076125);
  });
});

describe('runtimeOf()', () => {
  it('is in seconds', () => {
    expect(runtimeOf(attempt().observation)).to.equal(0.1);
  });
});

describe('failureDuring()', () => {
  it('gives the failure to its own operation alone', () => {
    const { observation } = attempt({ failure: 'eof_error', operation: 'read' });
    expect(failureDuring(observation, 'read', 'write')).to.equal('eof_error');
    expect(failureDuring(observation, 'connect')).to.equal(null);
  });
});
