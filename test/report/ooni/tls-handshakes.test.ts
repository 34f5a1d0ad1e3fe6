import { expect } from 'chai';
import { tlsHandshakes } from '../../../src/report/ooni/tls-handshakes.ts';
import { attempt } from './attempts.ts';

describe('tlsHandshakes()', () => {
  it('tells name, times and whether the certificate counted', () => {
    expect(tlsHandshakes(attempt())[0]).to.deep.include({
      address: '10.10.2.2:443',
      failure: null,
      server_name: 'blocked.example',
      no_tls_verify: true,
      t0: 0.0255,
      t: 0.076125,
    });
  });

  it('tells one that failed', () => {
    const changes = {
      failure: 'eof_error',
      operation: 'tls_handshake',
      timings: { connect: 25.5 },
    };
    expect(tlsHandshakes(attempt(changes))[0]).to.deep.include({ failure: 'eof_error', t: 0.1 });
  });

  it('has none of an attempt that did not come so far', () => {
    const changes = { failure: 'connection_refused', operation: 'connect', timings: {} };
    expect(tlsHandshakes(attempt(changes))).to.deep.equal([]);
  });
});
