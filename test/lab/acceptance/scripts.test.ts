// Segments of scripts as the captures of a whole run show them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import { decodeFrame } from '../../../src/wire/decode.ts';
import { readPcap } from '../../../src/wire/pcap.ts';
import { type ApplyReport, apply, scratch } from './support/runner.ts';

const SENDS = 1000;
const RUNS = 10;

/** `client 17`: who sent how many bytes; from 1 to 1400, in turns, with no time between. */
const sends = (seed: number): readonly string[] => {
  const random = seededRandom(seed, 'sizes');
  return Array.from(
    { length: SENDS },
    (_, index) => `${index % 2 === 0 ? 'client' : 'server'} ${1 + random.below(1400)}`,
  );
};

const scenario = (steps: readonly string[]): string =>
  [
    'version: 1',
    'name: turns',
    'hosts: { client: {}, server: {} }',
    'networks: { wire: { subnet: 10.10.1.0/24, members: [client, server] } }',
    'traffic:',
    '  - name: turns',
    '    between: [client:40000, server:9000]',
    '    script:',
    ...steps.map((step) => {
      const [party = '', size = ''] = step.split(' ');
      return `      - ${party}: { send: { random: ${size}B }, flush: true }`;
    }),
    '      - client: { close: fin }',
    'captures: [client, server]',
    'expect: [{ flow: turns, failure: null, cause: null }]',
    '',
  ].join('\n');

function segmentsIn({ results }: ApplyReport, node: string): readonly string[] {
  const capture = readFileSync(join(results, `captures/${node}.wire.pcap`));
  return [...readPcap(capture)].flatMap(({ data, length }) => {
    const frame = decodeFrame(data, length);
    const packet = frame.ok ? frame.value.packet : null;
    if (packet?.tcp == null || packet.payloadLength === 0) return [];
    return [`${packet.tcp.sourcePort === 9000 ? 'server' : 'client'} ${packet.payloadLength}`];
  });
}

describe('a script of 1,000 sends in turns', function () {
  this.timeout(180_000);
  const folder = scratch('scripts');
  after(() => folder.remove());

  it(`is 1,000 segments of just those sizes at both ends, ${RUNS} runs of ${RUNS}`, async () => {
    for (let run = 1; run <= RUNS; run += 1) {
      const steps = sends(run);
      const file = join(folder.path, `turns-${run}.yaml`);
      writeFileSync(file, scenario(steps));
      const report = await apply(file, { out: folder.path });
      expect(report.expectations.every(({ held }) => held)).to.equal(true);
      for (const node of ['client', 'server'])
        expect(segmentsIn(report, node)).to.deep.equal(steps);
    }
  });
});

describe('a script that cannot go on', function () {
  this.timeout(60_000);
  const folder = scratch('script-fails');
  after(() => folder.remove());

  it('says who failed at which step and of what, in verdicts and events', async () => {
    const file = join(folder.path, 'short.yaml');
    writeFileSync(
      file,
      [
        'version: 1',
        'name: short',
        'hosts: { client: {}, server: {} }',
        'networks: { wire: { subnet: 10.10.1.0/24, members: [client, server] } }',
        'traffic:',
        '  - { name: web, on: server, serve: { http: {} } }',
        '  - name: short',
        '    between: [client, server:9000]',
        '    script: [{ client: { send: abc } }, { server: { expect: { bytes: 40 } } }]',
        '  - name: served',
        '    between: [client, server:80]',
        '    script:',
        '      - client: { send: "GET / HTTP/1.1\\r\\nHost: server\\r\\n\\r\\n" }',
        '      - client: { expect: { regex: "HTTP/1.1 200" } }',
        'expect: [{ flow: short, failure: eof_error }, { flow: served, failure: null }]',
        '',
      ].join('\n'),
    );
    const report = await apply(file, { out: folder.path });
    expect(report.expectations.every(({ held }) => held)).to.equal(true);
    expect(report.verdicts.find(({ flow }) => flow === 'short')?.detail).to.match(
      /^"server" at step 2: /,
    );
    expect(readFileSync(join(report.results, 'events.ndjson'), 'utf8')).to.include('at step 2');
  });
});
