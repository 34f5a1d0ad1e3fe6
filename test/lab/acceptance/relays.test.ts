// Relays in labs: dialled, and diverted to by REDIRECT and TPROXY over both families; switched while traffic runs; and what they leave behind.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunManifest } from '../../../src/model/run.ts';
import { apply, scratch } from './support/runner.ts';

const LAB = `version: 1
name: relays
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: [10.10.1.0/24, fd00:1::/64], members: [client, middle] }
  outside: { subnet: [10.10.2.0/24, fd00:2::/64], members: [middle, server] }
captures: [client, middle, server]
`;
const RULE = `
      rules:
        - name: gone
          direction: S->C
          match: { status: 200 }
          do: [{ set: { field: status, value: "410" } }]`;
const SERVE = '  - { name: serve, on: server, serve: { http: {} } }\n';
const get = (name: string, rest: string): string =>
  `  - { name: ${name}, from: client, ${rest}, probe: { http: {} } }\n`;
/** Over both families. */
const ask = (name: string): string =>
  [4, 6]
    .map(
      (family) =>
        `  - { name: ${name}-${family}, from: client, to: "middle:53", family: ${family}, timeout: 1s, probe: { dns: { qname: ${name}.example } } }\n`,
    )
    .join('');

/** One socket for two places, connected to neither: each answer says from where it is. */
const speak = (family: number): string =>
  `  - name: speak-${family}
    on: client
    run:
      - python3
      - -c
      - |
        import socket, sys
        host = sys.argv[1]
        own = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        own.settimeout(5)
        for said, heard in ((b"quiet", b"less quiet"), (b"loud", b"loud")):
            own.sendto(said, (host, 54))
            data, source = own.recvfrom(100)
            assert (data, source[0], source[1]) == (heard, host, 54), (data, source)
        own.sendto(b"no question", (host, 53))
        own.sendto(b"again", (host, 54))
        data, source = own.recvfrom(100)
        while source[1] != 54: data, source = own.recvfrom(100)
        assert (data, source[0]) == (b"again", host), (data, source)
      - "${family === 4 ? '10.10.2.2' : 'fd00:2::2'}"
`;

describe('relays of a scenario', function () {
  this.timeout(120_000);
  const folder = scratch('relays');
  after(() => folder.remove());

  const run = async (name: string, text: string): Promise<string> => {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, text.replace('name: relays', `name: ${name}`));
    const report = await apply(file, { out: folder.path, timeout: 100_000 });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    return join(folder.path, name, 'latest');
  };

  for (const how of ['redirect', 'tproxy'])
    it(`take what passes through their host by ${how}, over IPv4 and IPv6`, async () => {
      await run(
        how,
        `${LAB}proxies:
  way:
    on: middle
    relay:
      listen: "tcp://*:8080"
      target: original
      divert: 80
      transparent: ${how === 'tproxy'}
      protocol: http${RULE}
traffic:
${SERVE}  - { name: own-site, on: middle, serve: { http: {} } }
${get('four', 'to: "server:80", family: 4')}${get('six', 'to: "server:80", family: 6')}${get('itself', 'to: "middle:80"')}expect:
  - { flow: four, status: 410, cause: tampered, by: middle }
  - { flow: six, status: 410, cause: tampered, by: middle }
  - { flow: itself, status: 410 }
  - { proxy: way, rule: gone, count: 3, sessions: 3 }
`,
      );
    });

  it('mutate and edit by threads as by their own, and repeat it', async () => {
    const scenario = (workers: number): string => `${LAB}proxies:
  way:
    on: middle
    relay:
      listen: "tcp://middle:8080"
      target: tcp://server:80
      protocol: http
      workers: ${workers}${RULE}
      fuzz: { at: C->P, rate: 50%, edits: 2 }
traffic:
${SERVE}${Array.from({ length: 12 }, (_, index) => get(`get-${index}`, `to: "middle:8080"${index === 0 ? '' : `, after: get-${index - 1}`}, timeout: 2s`)).join('')}expect:
  - { proxy: way, sessions: 12, rule: gone, count: ">=2", fuzzed: ">=4" }
`;
    const edits = [];
    for (const workers of [0, 2, 2]) {
      const results = await run(`mutated-${edits.length}`, scenario(workers));
      const lines = readFileSync(join(results, 'logs/middle.way.audit.ndjson'), 'utf8');
      // Threads end their work in any order.
      edits.push(
        lines
          .trim()
          .replace(/"time":\d+,/g, '')
          .split('\n')
          .toSorted(),
      );
    }
    expect(edits[1]).to.deep.equal(edits[0]);
    expect(edits[2]).to.deep.equal(edits[1]);
  });

  it('carry datagrams, and change what they say', async () => {
    await run(
      'datagrams',
      `${LAB}proxies:
  way:
    on: middle
    relay:
      listen: "udp://*:53"
      target: udp://server:53
      rules:
        - name: forged
          direction: S->C
          match: { data: { text: forged } }
          do:                                # the byte of the response code: NXDOMAIN
            - { delete: { field: data, at: 3, bytes: 1 } }
            - { insert: { field: data, at: 3, bytes: { hex: "83" } } }
        - { name: lost, direction: C->S, match: { data: { text: lost } }, do: [drop] }
traffic:
  - { name: resolve, on: server, serve: { dns: { records: { forged.example: server, lost.example: server, fine.example: server } } } }
${ask('fine')}${ask('forged')}${ask('lost')}expect:
  - { flow: fine-4, failure: null, answers: 10.10.2.2 }
  - { flow: fine-6, failure: null, answers: 10.10.2.2 }
  - { flow: forged-4, failure: dns_nxdomain_error, cause: tampered, by: middle }
  - { flow: forged-6, failure: dns_nxdomain_error, cause: tampered, by: middle }
  - { flow: lost-4, failure: generic_timeout_error, cause: dropped, by: middle }
  - { flow: lost-6, failure: generic_timeout_error, cause: dropped, by: middle }
  - { proxy: way, rule: forged, count: 2, sessions: 6 }
  - { proxy: way, rule: lost, count: ">=2" }
`,
    );
  });

  it('take datagrams that pass through their host, and answer as whom the client spoke to', async () => {
    await run(
      'diverted-datagrams',
      `${LAB}proxies:
  way:
    on: middle
    relay:
      listen: "udp://*:5353"
      target: original
      divert: [53, 54]
      rules:
        - { name: louder, direction: S->C, match: { data: { text: quiet } }, do: [{ insert: { field: data, at: 0, bytes: { text: "less " } } }] }
traffic:
  - { name: resolve, on: server, serve: { dns: { records: { fine.example: server } } } }
  - { name: echo, on: server, serve: { echo: { udp: 54 } } }
${ask('fine').replaceAll('middle:53', 'server:53')}${[4, 6].map(speak).join('')}  - { name: itself, from: client, to: "middle:53", timeout: 500ms, probe: { dns: { qname: fine.example } } }
expect:
  - { flow: itself, failure: generic_timeout_error }
  - { flow: fine-4, failure: null, answers: 10.10.2.2 }
  - { flow: fine-6, failure: null, answers: 10.10.2.2 }
  - { flow: speak-4, failure: null }
  - { flow: speak-6, failure: null }
  - { proxy: way, rule: louder, count: 2, sessions: 6 }
  - { capture: client, filter: "udp and src port 53 and (src host 10.10.2.2 or src host fd00:2::2)", count: ">=2" }
  - { capture: client, filter: "udp and (src host 10.10.1.3 or src host fd00:1::3)", count: 0 }
  - { capture: server, filter: "udp and (host 10.10.1.2 or host fd00:1::2)", count: 0 }
`,
    );
  });

  it('are switched by the traffic, and leave their counters, their log and each edit', async () => {
    const results = await run(
      'switched',
      `${LAB}proxies:
  way:
    on: middle
    relay:
      listen: "tcp://middle:8080"
      target: tcp://server:80
      protocol: http${RULE}
traffic:
${SERVE}${get('first', 'to: "middle:8080"')}  - { name: rule-off, proxy: way, after: first, rule: gone, enabled: false }
${get('second', 'to: "middle:8080", after: rule-off')}  - { name: relay-off, proxy: way, after: second, enabled: false }
${get('third', 'to: "middle:8080", after: relay-off')}expect:
  - { flow: first, status: 410, cause: tampered, by: middle }
  - { flow: second, status: 200, cause: null }
  - { flow: third, failure: connection_refused }
  - { proxy: way, rule: gone, count: 1 }
`,
    );
    const read = (name: string): string => readFileSync(join(results, name), 'utf8');
    const { proxies } = JSON.parse(read('run.json')) as RunManifest;
    expect(proxies).to.have.length(1);
    expect(proxies[0]).to.deep.include({ name: 'way', on: 'middle' });
    expect(proxies[0]?.statistics.sessions.accepted).to.equal(2);
    const audit = read('logs/middle.way.audit.ndjson').trim().split('\n');
    expect(audit).to.have.length(1);
    const record = JSON.parse(audit[0] ?? '') as Record<string, unknown>;
    expect(record).to.include({ rule: 'gone', field: 'status', old: '200', new: '410' });
    expect(read('logs/middle.way.log')).to.include('rule gone is off');
    const events = read('events.ndjson');
    expect(events).to.include('"what":"edit","line":1,"session":1');
    expect(events).to.include('"control":"relay-off","proxy":"way","state":"disabled"');
  });
});
