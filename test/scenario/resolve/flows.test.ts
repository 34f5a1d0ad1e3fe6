import { expect } from 'chai';
import type { Flow, Service } from '../../../src/model/traffic.ts';
import { planOf } from '../compile-text.ts';

const LAB = `version: 1
name: lab
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: [10.0.1.0/24, "fd00:1::/64"], members: [client, middle] }
  outside: { subnet: [10.0.2.0/24, "fd00:2::/64"], members: [middle, server] }
traffic:
  - { name: web, on: server, serve: { http: { sites: { fine.example: Hi } }, tls: { port: 8443 }, echo: { tcp: 7, udp: 7 } } }
`;

const flowOf = (entry: string): Flow | undefined =>
  planOf(`${LAB}  - { name: go, ${entry} }\n`).flows[0];

const TARGETS: readonly (readonly [string, string, number, string])[] = [
  ['server', '10.0.2.2', 80, 'server'],
  ['server.lab:8080', '10.0.2.2', 8080, 'server.lab'],
  ['fine.example', '10.0.2.2', 80, 'fine.example'],
  ['10.0.2.2:8080', '10.0.2.2', 8080, '10.0.2.2'],
  ['[fd00:2:0::2]:8080', 'fd00:2::2', 8080, 'fd00:2:0::2'],
  ['fd00:2::2', 'fd00:2::2', 80, 'fd00:2::2'],
  ['middle', '10.0.1.2', 80, 'middle'],
  ['client', '10.0.1.1', 80, 'client'],
];

describe('resolveTarget()', () => {
  for (const [to, address, port, host] of TARGETS)
    it(`finds "${to}"`, () => {
      const probe = flowOf(`from: client, to: "${to}", probe: { http: {} }`)?.probe;
      expect(probe).to.deep.include({ target: { host, address, port } });
    });

  it('takes the address of the family asked for', () => {
    const probe = flowOf('from: client, to: server, family: 6, probe: { tls: {} }')?.probe;
    expect(probe).to.deep.include({ target: { host: 'server', address: 'fd00:2::2', port: 443 } });
  });
});

describe('resolveFlows()', () => {
  it('fills in what a probe does not say', () => {
    expect(flowOf('from: client, to: server, probe: { tls: {} }')).to.deep.equal({
      name: 'go',
      from: 'client',
      schedule: { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1 },
      probe: {
        kind: 'tls',
        target: { host: 'server', address: '10.0.2.2', port: 443 },
        ...{ sni: 'server', alpn: [], get: null, verify: true, timeout: 10_000 },
      },
    });
    expect(flowOf('from: client, to: 10.0.2.2, probe: { tls: {} }')?.probe).to.include({ sni: '' });
    expect(flowOf('from: client, to: "server:8080", probe: { http: {} }')?.probe).to.include({
      hostHeader: 'server:8080',
    });
    expect(flowOf('from: client, to: "fd00:2::2", probe: { http: {} }')?.probe).to.include({
      hostHeader: '[fd00:2::2]',
    });
    expect(
      flowOf('from: client, to: server, probe: { dns: { qname: Fine.Example. } }')?.probe,
    ).to.deep.include({
      ...{ qname: 'fine.example', qtype: 'A', transport: 'udp', expectAnswers: [] },
    });
    expect(flowOf('from: client, to: "server:7", probe: { udp: {} }')?.probe).to.include({
      size: 32,
    });
    expect(flowOf('from: client, to: "server:7", probe: { tcp: {} }')?.probe).to.include({
      size: 0,
    });
  });

  it('takes a program as a list or with its environment', () => {
    expect(flowOf('on: client, run: [date]')?.probe).to.deep.equal({
      ...{ kind: 'run', argv: ['date'], environment: {}, timeout: 60_000, background: false },
    });
    const run = '{ command: [date], environment: { LANG: C }, background: true }';
    expect(flowOf(`from: client, run: ${run}, timeout: 1s`)?.probe).to.deep.equal({
      ...{
        kind: 'run',
        argv: ['date'],
        environment: { LANG: 'C' },
        timeout: 1000,
        background: true,
      },
    });
  });

  it('repeats without end where only a time is given', () => {
    const schedule = (rest: string): unknown =>
      flowOf(`on: client, run: [date], ${rest}`)?.schedule;
    expect(schedule('for: 3s, every: 500ms')).to.deep.include({
      repeat: 0,
      pace: { kind: 'even', every: 500 },
      for: 3000,
    });
    expect(schedule('for: 3s, repeat: 5, concurrency: 2, at: 1s')).to.deep.equal({
      ...{ at: 1000, after: [], repeat: 5, pace: null, for: 3000, concurrency: 2 },
    });
  });
});

describe('resolveServices()', () => {
  const services = (): readonly Service[] => planOf(LAB).services;

  it('makes a service of each kind, on all addresses of the host', () => {
    expect(services().map(({ name, serve }) => [name, serve.kind, serve.port])).to.deep.equal([
      ['web-http', 'http', 80],
      ['web-tls', 'tls', 8443],
      ['web-tcp-echo', 'tcp-echo', 7],
      ['web-udp-echo', 'udp-echo', 7],
    ]);
    expect(services()[0]?.addresses).to.deep.equal(['10.0.2.2', 'fd00:2::2']);
    expect(services()[1]?.serve).to.deep.include({ names: ['server', 'server.lab'], size: 1024 });
  });

  it('turns hosts into the records of all their addresses', () => {
    const records =
      '{ a.example: server, b.example: [10.9.9.9, "fd00::9"], c.example: { cname: A.example. }, d.example: { txt: hello } }';
    const plan = planOf(
      `${LAB}  - { name: dns, on: middle, serve: { dns: { records: ${records}, ttl: 5m } } }\n`,
    );
    expect(plan.services.at(-1)?.serve).to.deep.equal({
      kind: 'dns',
      port: 53,
      ttl: 300,
      records: [
        { name: 'a.example', type: 'A', value: '10.0.2.2' },
        { name: 'a.example', type: 'AAAA', value: 'fd00:2::2' },
        { name: 'b.example', type: 'A', value: '10.9.9.9' },
        { name: 'b.example', type: 'AAAA', value: 'fd00::9' },
        { name: 'c.example', type: 'CNAME', value: 'a.example' },
        { name: 'd.example', type: 'TXT', value: 'hello' },
      ],
    });
  });
});
