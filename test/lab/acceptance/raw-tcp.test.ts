// Segments that a script writes, as tshark finds them on both hosts: each as it was written, in order, and nothing else.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT, apply, scratch } from './support/runner.ts';

const RUNS = 5;

/** Side, TTL where it is sent, flags, sequence and acknowledgment number from the initial ones on, payload bytes. */
const WRITTEN = [
  'client;64;S;0;0;0',
  'server;64;AS;0;1;0',
  'client;64;A;1;1;0',
  'client;64;AP;1;1;5',
  'server;64;AP;1;6;7',
  'client;1;AP;6;8;5',
  'client;64;AP;12;8;5',
  'client;64;AP;6;8;6',
  'client;64;AP;12;8;5',
  'server;64;AF;8;17;0',
  'client;64;AF;17;9;0',
  'server;64;A;9;18;0',
];
const DECOY = 'client;1;AP;6;8;5';
const CLIENT = '10.10.1.1';

describe('segments of a script, on the wire', function () {
  this.timeout(60_000);
  const folder = scratch('raw-tcp');
  after(() => folder.remove());

  for (let run = 1; run <= RUNS; run += 1)
    it(`look exactly as written at both hosts, and no RST leaves either (run ${run} of ${RUNS})`, async () => {
      const file = join(CHECKOUT, 'scenarios/raw-tcp.yaml');
      const { results, expectations } = await apply(file, { out: folder.path });
      expect(expectations.filter(({ held }) => !held)).to.deep.equal([]);
      const segments = (capture: string): readonly string[] =>
        segmentsIn(join(results, 'captures', capture));
      const [atClient, atServer] = [
        segments('client.inside.pcap'),
        segments('server.outside.pcap'),
      ];
      // One router is between: what the peer sent has one hop less.
      expect(atClient).to.deep.equal(arrivingAt('client', WRITTEN));
      expect(atServer).to.deep.equal(
        arrivingAt(
          'server',
          WRITTEN.filter((line) => line !== DECOY),
        ),
      );
    });
});

const arrivingAt = (side: string, lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line.startsWith(side) ? line : line.replace(';64;', ';63;')));

function segmentsIn(file: string): readonly string[] {
  const fields = ['ip.src', 'ip.ttl', 'tcp.flags.str', 'tcp.seq', 'tcp.ack', 'tcp.len'];
  const output = execFileSync('tshark', [
    ...['-r', file, '-Y', 'tcp && !icmp', '-T', 'fields', '-E', 'separator=;'],
    ...fields.flatMap((field) => ['-e', field]),
  ]).toString();
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [source, ttl, flags = '', ...numbers] = line.split(';');
      const side = source === CLIENT ? 'client' : 'server';
      return [side, ttl, flags.replaceAll('·', ''), ...numbers].join(';');
    });
}
