import { expect } from 'chai';
import { servicePorts } from '../../src/model/service-ports.ts';

describe('model/service-ports', () => {
  it('servicePorts() names each port once, the main one first', () => {
    expect(servicePorts({ kind: 'quic', port: 443, names: [] })).to.deep.equal([
      { transport: 'udp', port: 443 },
    ]);
    expect(servicePorts({ kind: 'tcp-echo', port: 7 })).to.deep.equal([
      { transport: 'tcp', port: 7 },
    ]);
    const web = { kind: 'web', port: 443, sites: [], recordings: [], timing: 'none' } as const;
    expect(servicePorts({ ...web, ports: { http: null, https: 443 } })).to.deep.equal([
      { transport: 'tcp', port: 443 },
    ]);
    expect(servicePorts({ ...web, ports: { http: 80, https: 443 } })).to.have.length(2);
    const dns = { kind: 'dns', port: 53, records: [], ttl: 60 } as const;
    expect(servicePorts(dns).map(({ port }) => port)).to.deep.equal([53, 53]);
    expect(servicePorts({ ...dns, secure: { dot: 853, doh: null, names: [] } })).to.deep.include({
      transport: 'tcp',
      port: 853,
    });
  });
});
