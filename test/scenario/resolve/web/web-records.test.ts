import { expect } from 'chai';
import type { DnsRecord } from '../../../../src/model/traffic.ts';
import { compileText, mustPlan } from '../../compile-text.ts';

const har = JSON.stringify({
  log: {
    entries: ['shop.example', 'cdn.example'].map((host) => ({
      request: { method: 'GET', url: `https://${host}/` },
      response: { status: 200, headers: [] },
    })),
  },
});

describe('withWebNames()', () => {
  it('has the DNS server of a lab tell the names of web servers that no record speaks of', () => {
    const { services, names } = mustPlan(
      compileText(
        `
version: 1
name: lab
hosts: { client: {}, server: {}, dns: {} }
networks: { wire: { subnet: [10.10.1.0/24, "fd00:1::/64"], members: [client, server, dns] } }
traffic:
  - { name: web, on: server, serve: { web: { har: shop.har } } }
  - { name: names, on: dns, serve: { dns: { records: { cdn.example: client } } } }
`,
        { 'shop.har': har },
      ),
    );
    const serve = services.find(({ name }) => name === 'names')?.serve;
    const records: readonly DnsRecord[] = serve?.kind === 'dns' ? serve.records : [];
    expect(records.filter(({ name }) => name === 'shop.example')).to.deep.equal([
      { name: 'shop.example', type: 'A', value: '10.10.1.2' },
      { name: 'shop.example', type: 'AAAA', value: 'fd00:1::2' },
    ]);
    const told = new Set(records.map(({ name }) => name));
    expect([...told]).to.deep.equal(['cdn.example', 'shop.example']);
    expect(records.find(({ name }) => name === 'cdn.example')?.value).to.equal('10.10.1.1');
    expect(names.flatMap((line) => line.names)).to.not.include('shop.example');
  });
});
