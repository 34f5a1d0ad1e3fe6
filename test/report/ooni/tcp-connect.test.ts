import { expect } from 'chai';
import { tcpConnects } from '../../../src/report/ooni/tcp-connect.ts';
import { attempt } from './attempts.ts';

describe('tcpConnects()', () => {
  it('tells one that succeeded, whatever failed afterwards', () => {
    const reset = attempt({ failure: 'connection_reset', operation: 'tls_handshake' });
    expect(tcpConnects(reset)).to.deep.equal([
      {
        ip: '10.10.2.2',
        port: 443,
        status: { failure: null, success: true },
        t0: 0,
        t: 0.0255,
      },
    ]);
  });

  it('tells one that failed', () => {
    const refused = { failure: 'connection_refused', operation: 'connect', timings: {} };
    const [connect] = tcpConnects(attempt(refused));
    expect(connect).to.deep.include({
      status: { failure: 'connection_refused', success: false },
      t: 0.1,
    });
  });

  it('has none of what sent nothing or went over UDP', () => {
    const { fiveTuple, ...silent } = attempt().observation;
    const datagrams = attempt({ fiveTuple: { ...fiveTuple!, protocol: 'udp' } });
    expect(tcpConnects({ probe: null, observation: silent })).to.deep.equal([]);
    expect(tcpConnects(datagrams)).to.deep.equal([]);
  });
});
