// The censor that acted in a lab, asked again over what came to its node: it must say the same. The library's presets: censors.test.ts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { decisionsOf } from './support/decisions.ts';
import { CHECKOUT, apply, scratch } from './support/runner.ts';

/** Scenarios with censors whose nodes are captured on every interface. */
const SCENARIOS = [
  'censor.yaml',
  'dns-injection.yaml',
  'block-page.yaml',
  'throttle.yaml',
  'on-path-vs-in-path.yaml',
  'ipv6.yaml',
  'tls-interception.yaml',
];

/** Every packet of a kind is dropped, some flows by chance, and later ones for what was said before. */
const DROPS = `version: 1
name: drops
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, middle] }
  outside: { subnet: 10.10.2.0/24, members: [middle, server] }
censor:
  on: middle
  rules:
    - { name: chance, match: { udp.dstport: 7 }, probability: 50%, action: drop }
    - name: host
      match: { http.host: blocked.example }
      action: drop
      residual: { key: 3-tuple, for: 60s, action: { reset: { sides: both } } }
traffic:
  - { name: serve, on: server, serve: { http: {}, echo: { udp: 7 } } }
  - { name: echo, from: client, to: server:7, repeat: 12, timeout: 200ms, probe: { udp: {} } }
  - { name: blocked, from: client, to: server:80, timeout: 500ms, probe: { http: { host: blocked.example } } }
  - { name: residual, from: client, to: server:80, after: blocked, probe: { http: { host: fine.example } } }
captures: [middle]
`;

/** What changes packets, holds them, lets some through first, or begins later. */
const SHAPES = `version: 1
name: shapes
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, middle] }
  outside: { subnet: 10.10.2.0/24, members: [middle, server] }
censor:
  on: middle
  reassembly: true
  checks: { checksum: true, md5: true, ack: true, window: true, timestamp: true }
  rules:
    - { name: rewritten, match: { tls.sni: blocked.example }, action: { rewrite: { direction: reverse } } }
    - { name: changed, match: { http.path: "/changed" }, action: { tamper: { edits: [{ http-header: { name: Host, value: x.example } }] } } }
    - { name: frozen, match: { http.path: "/frozen" }, action: { freeze: { after: 64B } } }
    - { name: late, match: { http.path: "/late" }, engageAfter: 5ms, action: [{ delay: { by: 10ms } }, drop] }
    - { name: lossy, match: { all: [{ udp.dstport: 7 }, { not: { payload.length: "<1" } }] }, action: { lose: { share: 40% } } }
traffic:
  - { name: serve, on: server, serve: { http: {}, tls: { names: [blocked.example] }, echo: { udp: 7 } } }
  - { name: tls, from: client, to: server:443, timeout: 1s, probe: { tls: { sni: blocked.example } } }
  - { name: changed, from: client, to: server:80, timeout: 1s, probe: { http: { path: /changed } } }
  - { name: frozen, from: client, to: server:80, timeout: 1s, probe: { http: { path: /frozen } } }
  - { name: late, from: client, to: server:80, timeout: 1s, probe: { http: { path: /late } } }
  - { name: lossy, from: client, to: server:7, repeat: 10, timeout: 200ms, probe: { udp: {} } }
captures: [middle]
`;

describe('runner censor over what came to a censor in a lab', function () {
  this.timeout(120_000);
  const folder = scratch('offline');
  after(() => folder.remove());

  const agrees = async (file: string): Promise<void> => {
    const { results } = await apply(file, { out: folder.path, timeout: 110_000 });
    const decisions = await decisionsOf(file, results, folder.path);
    expect(decisions).not.to.be.empty;
    for (const { censor, live, offline } of decisions) {
      expect(live, `${censor} did something`).not.to.be.empty;
      expect(offline, censor).to.deep.equal(live);
    }
  };

  for (const file of SCENARIOS)
    it(`says of ${file} what its censors did`, () => agrees(join(CHECKOUT, 'scenarios', file)));

  it('says what was dropped, by chance and for what was said before', async () => {
    const file = join(folder.path, 'drops.yaml');
    writeFileSync(file, DROPS);
    await agrees(file);
  });

  it('says what was rewritten, changed, frozen, late and lost', async () => {
    const file = join(folder.path, 'shapes.yaml');
    writeFileSync(file, SHAPES);
    await agrees(file);
  });
});
