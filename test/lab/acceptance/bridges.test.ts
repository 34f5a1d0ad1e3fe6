// Nodes that join networks at layer 2, as a host and as a container, with the kernel or a program of an experimenter's carrying the frames.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeFrame } from '../../../src/wire/decode.ts';
import { readPcap } from '../../../src/wire/pcap.ts';
import { BUSYBOX, importBusybox, needEngine } from './support/engine.ts';
import { type ApplyReport, apply, scratch } from './support/runner.ts';
import { readConnections } from './support/connections.ts';

const PROGRAM = join(import.meta.dirname, 'support/frame-bridge.py');

const WEB = '  - { name: web, on: server, serve: { http: {} } }';
const PROBES = `
  - { name: get, from: client, to: server, timeout: 3s, probe: { http: {} } }
  - { name: get6, from: client, to: server, family: 6, timeout: 3s, probe: { http: {} } }`;
const EXPECT = `
expect:
  - { flow: get, failure: null }
  - { flow: get6, failure: null }`;

describe('a bridge', function () {
  this.timeout(60_000);
  const folder = scratch('bridges');
  after(() => folder.remove());

  const run = (name: string, text: string): Promise<ApplyReport> => {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, `version: 1\nname: ${name}\n${text}\n`);
    return apply(file, { out: folder.path });
  };

  const connectionsAt = (report: ApplyReport, places: readonly string[]): unknown[] =>
    places.map((place) => [
      ...readConnections(join(report.results, `captures/${place}.pcap`), 80).entries(),
    ]);

  it('lets every packet through as it was sent, TTL and all, and says nothing of its own', async () => {
    const report = await run(
      'plain',
      `hosts: { client: {}, wall: { bridge: true }, server: {} }
networks:
  inside: { members: [client, wall], ipv6: true, delay: 2ms }
  outside: { members: [wall, server] }
traffic:
${WEB}${PROBES}
captures: [client, wall, server]${EXPECT}`,
    );
    const places = ['client.inside', 'wall.inside', 'wall.outside', 'server.outside'];
    const [first, ...others] = connectionsAt(report, places);
    expect(first).to.have.length(2);
    for (const other of others) expect(other).to.deep.equal(first);
    const ends = new Set(['10.0.0.1', '10.0.0.2', 'fd00::1', 'fd00::2']);
    for (const { data, length } of readPcap(
      readFileSync(join(report.results, 'captures/wall.outside.pcap')),
    )) {
      const frame = decodeFrame(data, length);
      const source = frame.ok ? frame.value.packet?.ip.source : undefined;
      expect(ends.has(source ?? '')).to.equal(true);
    }
  });

  it('carries what a router with a censor in the path sends, behind another bridge and an impaired segment', async () => {
    await run(
      'mixed',
      `hosts: { client: {}, wall: { bridge: true }, tap: { bridge: true }, router: {}, server: {}, side: {} }
networks:
  inside: { members: [client, wall], ipv6: true }
  middle: { members: [wall, tap], delay: 3ms }
  core: { members: [tap, router] }
  aside: { members: [tap, side] }
  outside: { members: [router, server], ipv6: true }
censor: [{ on: router, rules: [{ match: { tcp.port: 81 }, action: drop }] }]
traffic:
${WEB}
  - { name: closed, on: server, serve: { http: { port: 81 } } }${PROBES}
  - { name: drop, from: client, to: "server:81", timeout: 2s, probe: { http: {} } }
captures: [client, wall, tap, router, side, server]${EXPECT}
  - { flow: drop, cause: dropped, by: router }`,
    );
  });

  it('can have a censor in the path: what passes is as it was sent, what is changed or forged goes where it belongs', async () => {
    const report = await run(
      'censored',
      `hosts: { client: {}, wall: { bridge: true }, server: {}, aside: {} }
networks:
  inside: { members: [client, wall], ipv6: true, delay: 2ms }
  outside: { members: [wall, server] }
  third: { members: [wall, aside] }
censor:
  on: wall
  rules:
    - { name: reset, match: { http.path: /reset }, action: reset }
    - { name: longer, match: { tcp.dstport: 81 }, action: { tamper: { edits: [{ replace: { find: { text: "GET /" }, with: { text: "GET /somewhere-else/" } } }] } } }
    - { name: away, match: { tcp.dstport: 82 }, action: { redirect: { to: aside, port: 80 } } }
    - { name: page, match: { http.path: /page }, action: { inject: { http: { status: 403 } } } }
traffic:
${WEB}
  - { name: web-81, on: server, serve: { http: { port: 81 } } }
  - { name: web-82, on: server, serve: { http: { port: 82 } } }
  - { name: aside, on: aside, serve: { http: {} } }${PROBES}
  - { name: reset, from: client, to: server, probe: { http: { path: /reset } } }
  - { name: reset6, from: client, to: server, family: 6, probe: { http: { path: /reset } } }
  - { name: longer, from: client, to: "server:81", probe: { http: {} } }
  - { name: longer6, from: client, to: "server:81", family: 6, probe: { http: {} } }
  - { name: away, from: client, to: "server:82", probe: { http: {} } }
  - { name: away6, from: client, to: "server:82", family: 6, probe: { http: {} } }
  - { name: page, from: client, to: server, probe: { http: { path: /page } } }
captures: [client, wall, server, aside]${EXPECT}
  - { flow: reset, failure: connection_reset, cause: injected-rst, by: wall }
  - { flow: reset6, failure: connection_reset, cause: injected-rst, by: wall }
  - { flow: longer, failure: null, cause: tampered, by: wall }
  - { flow: longer6, failure: null, cause: tampered, by: wall }
  - { flow: away, failure: null, cause: redirected, by: wall }
  - { flow: away6, failure: null, cause: redirected, by: wall }
  - { flow: page, cause: injected-page, by: wall }
  - { capture: aside, filter: "port 81", count: 0 }`,
    );
    const [client = [], server = []] = ['client.inside', 'server.outside'].map((place) => [
      ...readConnections(join(report.results, `captures/${place}.pcap`), 80).values(),
    ]);
    const plain = ({ question }: { readonly question: string }): boolean =>
      question.startsWith('GET / ');
    expect(client.filter(plain)).to.have.length(2);
    expect(server.filter(plain)).to.deep.equal(client.filter(plain));
    const longer = readConnections(join(report.results, 'captures/server.outside.pcap'), 81);
    expect([...longer.values()].map(({ question }) => question.slice(0, 20))).to.deep.equal(
      Array.from({ length: 2 }, () => 'GET /somewhere-else/'),
    );
  });

  it('is what a verdict names when a program of its own answers in the name of the server', async () => {
    const ready = join(folder.path, 'ready');
    await run(
      'program',
      `hosts: { client: {}, wall: { bridge: program }, server: {} }
networks:
  inside: { members: [client, wall], ipv6: true }
  outside: { members: [wall, server] }
traffic:
${WEB}
  - name: carry
    on: wall
    run: { background: true, command: [python3, ${PROGRAM}, wall-inside, wall-outside, forbidden, ${ready}] }
  - { name: ready, on: wall, timeout: 20s, run: [sh, -c, "until test -e ${ready}; do sleep 0.05; done"] }
  - { name: reset, from: client, to: server, after: ready, probe: { http: { path: /forbidden } } }
  - { name: get, from: client, to: server, after: ready, probe: { http: {} } }
  - { name: get6, from: client, to: server, family: 6, after: ready, probe: { http: {} } }
captures: [client, server]${EXPECT}
  - { flow: reset, failure: connection_reset, cause: injected-rst, by: wall }`,
    );
    expect(existsSync(ready)).to.equal(true);
  });

  it('can be a container that joins its interfaces itself', async function () {
    needEngine(this);
    importBusybox();
    const joining = 'for side in mid0 mid1; do ip link set $side master bridge; done';
    await run(
      'container',
      `hosts: { client: {}, server: {} }
containers:
  wall:
    image: ${BUSYBOX}
    pull: never
    bridge: program
    capabilities: [NET_ADMIN]
    command: [sh, -ec, "ip link add bridge type bridge; ${joining}; ip link set bridge up; exec sleep 300"]
    healthcheck: { test: [test, -e, /sys/class/net/mid1/brport] }
    interfaces: { inside: { name: mid0 }, outside: { name: mid1 } }
networks:
  inside: { members: [client, wall], ipv6: true }
  outside: { members: [wall, server] }
traffic:
${WEB}${PROBES}
captures: [client, wall, server]${EXPECT}`,
    );
  });

  it('can be a container in which the kernel carries the frames', async function () {
    needEngine(this);
    importBusybox();
    await run(
      'kernel',
      `hosts: { client: {}, server: {} }
containers: { wall: { image: "${BUSYBOX}", pull: never, bridge: true, command: [sleep, "300"] } }
networks:
  inside: { members: [client, wall], ipv6: true }
  outside: { members: [wall, server] }
traffic:
${WEB}${PROBES}${EXPECT}`,
    );
  });
});
