// What a censor does to traffic within a tunnel, as the captures within it show.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { obstacle } from '../agent/tunnel/comps-lab.ts';
import { apply, scratch } from './support/runner.ts';

const SCENARIO = `version: 1
name: nested
hosts: { client: {}, proxy1: {}, proxy2: {}, exit: {}, server: {} }
networks:
  access: { members: [client, proxy1, proxy2] }
  backbone: { members: [proxy1, proxy2, exit] }
  web: { members: [exit, server] }
tunnels:
  wgnet1: { wireguard: { client: client, server: proxy1 } }
  wgnet2: { wireguard: { client: client, server: proxy2 } }
  wg0: { wireguard: { client: client, server: exit }, over: [wgnet1, wgnet2], migrate: { policy: round-robin, every: 100ms } }
censor:
  on: exit
  rules:
    - { name: sni, match: { tls.sni: blocked.example }, action: { reset: { sides: both } } }
traffic:
  - { name: web, on: server, serve: { tls: { names: [blocked.example, fine.example] } } }
  - { name: forbidden, from: client, to: server:443, probe: { tls: { sni: blocked.example, get: / } } }
  - { name: allowed, from: client, to: server:443, probe: { tls: { sni: fine.example, get: / } } }
captures: [client, exit, server]
expect:
  - { flow: forbidden, failure: connection_reset, cause: injected-rst, by: exit, signature: <SYN;ACK -> RST> }
  - { flow: allowed, failure: null, cause: null }
  - { capture: server, filter: "tcp[tcpflags] & tcp-rst != 0 and src net 10.45.0.0/16", count: 0 }
  - { tunnel: wg0, handshake: true, leaked: 0 }
`;

describe('a censor at the end of a tunnel', function () {
  this.timeout(60_000);
  const folder = scratch('tunnel-verdicts');
  after(() => folder.remove());
  before(function () {
    const reason = obstacle();
    if (reason === undefined) return;
    process.stderr.write(`      ${reason}\n`);
    this.skip();
  });

  it('is named, and its RSTs reach both ends, to the server in the name of the tunnel', async () => {
    const file = join(folder.path, 'nested.yaml');
    writeFileSync(file, SCENARIO);
    const report = await apply(file, { out: folder.path });
    expect(report.expectations.map(({ held }) => held)).to.deep.equal([true, true, true, true]);
  });
});
