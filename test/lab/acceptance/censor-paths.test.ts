// What censors change or hold and send on, by each way that packets can take through a router, and by two routers that share a censor.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readConnections } from './support/connections.ts';
import { type ApplyReport, apply, scratch } from './support/runner.ts';

const PATHS = {
  ring: '',
  'nfqueue, for NAT': 'nat: [{ on: middle, out: outside }]\n',
  'nfqueue, for a rule':
    'routes: [{ on: middle, to: default, via: server, table: 100 }]\nrules: [{ on: middle, from: page, table: 100 }]\n',
} as const;

const CHANGES = (way: string): string => `version: 1
name: changes
hosts: { client: {}, middle: {}, server: {}, page: {} }
networks:
  inside: { members: [client, middle], ipv6: true }
  outside: { members: [middle, server], ipv6: true }
  aside: { members: [middle, page], ipv6: true }
${way}censor:
  on: middle
  reassembly: { ip-fragment: true }
  rules:
    - { name: longer, match: { tcp.dstport: 81 }, action: { tamper: { edits: [{ replace: { find: { text: "GET /" }, with: { text: "GET /somewhere-else/" } } }] } } }
    - { name: away, match: { tcp.dstport: 82 }, action: { redirect: { to: page, port: 80 } } }
    - { name: later, match: { tcp.dstport: 83 }, action: { delay: { by: 50ms } } }
traffic:
  - { name: page, on: page, serve: { http: {} } }
  - { name: web-81, on: server, serve: { http: { port: 81 } } }
  - { name: web-82, on: server, serve: { http: { port: 82 } } }
  - { name: web-83, on: server, serve: { http: { port: 83 } } }
${[4, 6]
  .flatMap((family) =>
    [81, 82, 83].map(
      (port) =>
        `  - { name: get-${port}-${family}, from: client, to: "server:${port}", family: ${family}, probe: { http: {} } }\n`,
    ),
  )
  .join(
    '',
  )}  - { name: fragments, from: client, to: server, family: 4, probe: { ping: { size: 4000B, count: 2 } } }
  - { name: fragments6, from: client, to: server, family: 6, probe: { ping: { size: 4000B, count: 2 } } }
captures: [client, server, page]
expect:
${[4, 6].flatMap((family) => [81, 82, 83].map((port) => `  - { flow: get-${port}-${family}, failure: null }\n`)).join('')}  - { flow: fragments, failure: null }
  - { flow: fragments6, failure: null }
  - { flow: get-82-4, cause: redirected, by: middle }
  - { flow: get-82-6, cause: redirected, by: middle }
  - { capture: server, filter: "port 82", count: 0 }
  - { capture: page, filter: "tcp dst port 80 and tcp[tcpflags] & tcp-syn != 0", count: 1 }
`;

/** There by one router, and back by the other. */
const TWO_WAYS = `version: 1
name: two-ways
hosts: { client: {}, left: {}, right: {}, server: {} }
networks:
  near-left: { subnet: [10.1.0.0/24, "fd01::/64"], members: [client, left] }
  near-right: { subnet: [10.2.0.0/24, "fd02::/64"], members: [client, right] }
  far-left: { subnet: [10.3.0.0/24, "fd03::/64"], members: [left, server] }
  far-right: { subnet: [10.4.0.0/24, "fd04::/64"], members: [right, server] }
routes:
  - { on: client, to: 10.3.0.0/24, via: left }
  - { on: client, to: "fd03::/64", via: left }
  - { on: server, to: 10.1.0.0/24, via: right }
  - { on: server, to: "fd01::/64", via: right }
censor:
  name: both
  on: [left, right]
  rules:
    - { name: answer, match: { all: [{ http.path: /forbidden }] }, action: drop, residual: { key: 3-tuple, for: 60s, action: drop } }
traffic:
  - { name: web, on: server, serve: { http: {} } }
  - { name: before, from: client, to: server, timeout: 5s, probe: { http: {} } }
  - { name: before6, from: client, to: server, family: 6, timeout: 5s, probe: { http: {} } }
  - { name: forbidden, from: client, to: server, timeout: 2s, after: before, probe: { http: { path: /forbidden } } }
  - { name: after, from: client, to: server, timeout: 2s, after: forbidden, probe: { http: {} } }
  - { name: after6, from: client, to: server, family: 6, timeout: 5s, after: forbidden, probe: { http: {} } }
captures: [client, left, right, server]
expect:
  - { flow: before, failure: null }
  - { flow: before6, failure: null }
  - { flow: forbidden, failure: generic_timeout_error, cause: dropped, by: left }
  - { flow: after, failure: generic_timeout_error, cause: dropped, by: left }
  - { flow: after6, failure: null }
  - { capture: left, filter: "src port 80", count: 0 }
  - { capture: right, filter: "dst port 80", count: 0 }
  - { capture: right, filter: "src port 80", count: ">=1" }
`;

describe('censors by each way through a router', function () {
  this.timeout(120_000);
  const folder = scratch('censor-paths');
  after(() => folder.remove());

  const run = async (name: string, text: string): Promise<ApplyReport> => {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, text);
    const report = await apply(file, { out: folder.path, timeout: 100_000 });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    return report;
  };

  for (const [path, way] of Object.entries(PATHS))
    it(`what is longer, late, for somebody else or was in pieces goes where it belongs: ${path}`, async () => {
      const report = await run('changes', CHANGES(way));
      const plan = readFileSync(join(report.results, 'plan.json'), 'utf8');
      expect(plan).to.include(`"path":"${path.split(',')[0] ?? ''}"`);
      const seen = readConnections(join(report.results, 'captures/server.outside.pcap'), 81);
      expect([...seen.values()].map(({ question }) => question.slice(0, 20))).to.deep.equal(
        Array.from({ length: 2 }, () => 'GET /somewhere-else/'),
      );
    });

  it('one censor on two routers knows on each what it has seen on the other', async () => {
    const report = await run('two-ways', TWO_WAYS);
    const { censors } = JSON.parse(readFileSync(join(report.results, 'run.json'), 'utf8')) as {
      censors: readonly { name: string; on: readonly string[]; statistics: { flows: number } }[];
    };
    expect(censors.map(({ name, on }) => ({ name, on }))).to.deep.equal([
      { name: 'both', on: ['left', 'right'] },
    ]);
  });
});
