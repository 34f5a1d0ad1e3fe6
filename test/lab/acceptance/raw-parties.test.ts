// Raw parties where the way between them does something: NAT, a censor on a node that is a party itself, a service of ours.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { apply, scratch } from './support/runner.ts';

const REQUEST =
  'GET /forbidden HTTP/1.1\\r\\nHost: fine.example\\r\\nConnection: close\\r\\n\\r\\n';
const LAB = `version: 1
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, middle] }
  outside: { subnet: 10.10.2.0/24, members: [middle, server] }
captures: [client, server]
`;
const QUIET = ['client', 'server'].map(
  (host) =>
    `  - { capture: ${host}, filter: 'icmp or (tcp and tcp[tcpflags] & tcp-rst != 0)', count: 0 }\n`,
);
const flow = (name: string, ends: string, steps: string, transport = 'raw-tcp'): string =>
  `  - { name: ${name}, between: [${ends}], transport: ${transport}, timeout: 5s, script: [${steps}] }\n`;

const NAT = `${LAB}name: nat
nat: [{ on: middle, out: outside }]
traffic:
${flow('tcp', 'client:40000, server:9000', '{ client: { send: hello } }, { server: { send: world } }')}
${flow('udp', 'client:40000, server:9000', '{ client: { send: hello } }, { server: { send: world } }', 'raw-udp')}
expect:
  - { flow: tcp, failure: null }
  - { flow: udp, failure: null }
${QUIET.join('')}`;

const SERVED = `${LAB}name: served
traffic:
  - { name: web, on: server, serve: { http: { port: 80 } } }
${flow('asks', 'client:40000, server:80', `{ client: { send: "${REQUEST}" } }, { client: { expect: { until: "\\r\\n\\r\\n" } } }`)}
expect:
  - { flow: asks, failure: null }
`;

const CENSORED = `${LAB}name: censored
censor:
  - on: middle
    position: in-path
    rules: [{ match: { http.path: /forbidden }, action: { reset: { sides: both } } }]
traffic:
${flow('own', 'client:40000, middle:80', `{ client: { send: "${REQUEST}" } }, { middle: { send: world } }`)}
${flow('through', 'client:40001, server:80', `{ client: { send: "${REQUEST}" } }, { server: { send: never } }`)}
expect:
  - { flow: own, failure: null }
  - { flow: through, failure: connection_reset, cause: injected-rst, by: middle }
`;

describe('raw parties', function () {
  this.timeout(60_000);
  const folder = scratch('raw-parties');
  after(() => folder.remove());

  for (const [name, text, what] of [
    ['nat', NAT, 'meet through NAT, and no RST or ICMP error leaves either host'],
    ['served', SERVED, 'ask a service of ours'],
    ['censored', CENSORED, 'are met by an injected RST, and play on the censor’s own node'],
  ] as const)
    it(what, async () => {
      const file = join(folder.path, `${name}.yaml`);
      writeFileSync(file, text);
      const { expectations } = await apply(file, { out: folder.path });
      expect(expectations.every(({ held }) => held)).to.equal(true);
    });
});
