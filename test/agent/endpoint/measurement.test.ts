import { expect } from 'chai';
import { ProbeFailure, measure } from '../../../src/agent/endpoint/measurement.ts';
import type { Measurement } from '../../../src/agent/endpoint/measurement.ts';
import type { Observation } from '../../../src/model/observation.ts';

const run = (
  perform: (measurement: Measurement) => Promise<void>,
  timeout = 5000,
): Promise<Observation> => {
  const target = { host: 'server', address: '10.0.0.1', port: 7 };
  const probe = { kind: 'tcp' as const, target, size: 0, timeout };
  return measure('client', { flow: 'probe', attempt: 2, probe }, perform);
};

const systemError = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe('agent/endpoint measure()', () => {
  it('observes success, with what was found on the way', async () => {
    const found = await run(async (measurement) => {
      measurement.mark('connect');
      measurement.received = 5;
      measurement.findings.status = 200;
      await Promise.resolve();
    });
    expect(found).to.include({ flow: 'probe', attempt: 2, node: 'client', probe: 'tcp' });
    expect(found).to.include({ failure: null, operation: null, received: 5, status: 200 });
    expect(found.timings['connect']).to.be.within(0, (found.end - found.start) / 1000);
  });

  it('keeps the first time of a mark', async () => {
    const found = await run(async (measurement) => {
      measurement.mark('first_byte');
      await new Promise((resolve) => setTimeout(resolve, 20));
      measurement.mark('first_byte');
    });
    expect(found.timings['first_byte']).to.be.below(15);
  });

  const failures: readonly [string, Error, Partial<Observation>][] = [
    [
      'a failure of its own',
      new ProbeFailure('http_request_failed', 'words'),
      { failure: 'http_request_failed', operation: 'read', detail: 'words' },
    ],
    [
      'a system error while writing',
      systemError('EPIPE', 'write'),
      { failure: 'connection_reset', operation: 'write', detail: 'write EPIPE' },
    ],
    [
      'the reason rather than the message of an OpenSSL error',
      Object.assign(new Error('C0FFEE:error:1'), { code: 'ERR_SSL_X', reason: 'alert' }),
      { failure: 'ssl_failed_handshake', operation: 'read', detail: 'alert' },
    ],
  ];
  for (const [title, error, wished] of failures)
    it(`observes ${title}, and tears down`, async () => {
      let tornDown = 0;
      const found = await run((measurement) => {
        measurement.operation = 'read';
        measurement.onFailure(() => (tornDown += 1));
        return Promise.reject(error);
      });
      expect(found).to.deep.include(wished);
      expect(tornDown).to.equal(1);
    });

  it('observes that time ran out, and during what', async () => {
    const found = await run((measurement) => {
      measurement.operation = 'tls_handshake';
      return new Promise(() => undefined);
    }, 20);
    expect(found).to.include({ failure: 'generic_timeout_error', operation: 'tls_handshake' });
    expect(found.detail).to.equal('Not finished after 20 ms');
  });

  it('takes a timeout longer than timers last for what it is', async () => {
    const found = await run(() => new Promise((resolve) => setTimeout(resolve, 20)), 2 ** 40);
    expect(found.failure).to.equal(null);
  });
});
