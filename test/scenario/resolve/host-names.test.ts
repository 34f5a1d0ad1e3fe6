import { expect } from 'chai';
import type { HostNames, Plan } from '../../../src/model/plan.ts';
import { planOf } from '../compile-text.ts';

const lab = (traffic: string): Plan =>
  planOf(`version: 1
name: lab
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.0.1.0/24, members: [client, middle] }
  outside: { subnet: 10.0.2.0/24, members: [middle, server] }
traffic:
${traffic}`);

const text = (lines: readonly HostNames[]): string[] =>
  lines.map(({ address, names }) => [address, ...names].join(' '));

const TLS =
  '  - { name: web, on: server, serve: { tls: { names: [Fine.example] }, http: { sites: { "blog.example": Hi, "*": No } } } }\n';

describe('commonNames()', () => {
  it('names every node and what it serves', () => {
    expect(text(lab(TLS).names)).to.deep.equal([
      '127.0.0.1 localhost',
      '::1 localhost ip6-localhost',
      '10.0.1.1 client client.lab',
      '10.0.1.2 middle middle.lab',
      '10.0.2.1 middle middle.lab',
      '10.0.2.2 server server.lab fine.example blog.example',
    ]);
  });

  it('leaves served names to the DNS server of the lab', () => {
    const plan = lab(
      `${TLS}  - { name: dns, on: middle, serve: { dns: { records: { fine.example: server } } } }\n`,
    );
    expect(text(plan.names).at(-1)).to.equal('10.0.2.2 server server.lab');
    expect(plan.nodes.map(({ resolvers }) => resolvers)).to.deep.equal([
      ['10.0.1.2'],
      ['10.0.1.2'],
      ['10.0.2.1'],
    ]);
  });
});

describe('nearerNames()', () => {
  it("puts the address on a network of one's own first", () => {
    const plan = lab(TLS);
    expect(plan.nodes.map(({ names }) => text(names))).to.deep.equal([
      [],
      [],
      ['10.0.2.1 middle middle.lab'],
    ]);
  });
});
