// TLS that a censor reads: programs of others as clients, through each kind of path that a censor may stand in.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { pageOfSize } from '../../../src/agent/endpoint/services/page.ts';
import { type ApplyReport, apply, scratch } from './support/runner.ts';

const RULES = `
  rules:
    - { name: own, match: { tls.sni: read.example }, action: { mitm: { authority: own, log: true } } }
    - { name: trusted, match: { tls.sni: trusted.example }, action: { mitm: { authority: lab, log: true } } }`;

const SIZE = 20 * 2 ** 20;

const NAMES = ['read.example', 'trusted.example', 'free.example'];

const SERVE = `
  - { name: web, on: server, serve: { tls: { port: 443, names: [${NAMES.join(', ')}], size: ${SIZE / 2 ** 20}MiB, http2: true } } }`;

const run = (name: string, argv: readonly string[], after?: string): string =>
  `\n  - { name: ${name}, from: client, ${after ? `after: ${after}, ` : ''}timeout: 30s, run: ${JSON.stringify(argv)} }`;

const curl = (site: string, more: readonly string[] = []): string[] => [
  ...['curl', '-sS', '--http1.1', '-I', '-v', '-o', '/dev/null', ...more],
  ...['--connect-to', '::server:443', `https://${site}/`],
];

const digest = (site: string, family: 4 | 6): string[] => [
  ...['sh', '-c', `curl -sS -${family} --connect-to ::server:443 https://${site}/ | sha256sum`],
];

const SHOW = 'openssl s_client -connect server:443 -servername read.example -alpn h2 </dev/null';

const CLIENTS: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['refused', curl('read.example')],
  ['careless', curl('read.example', ['-k'])],
  ['believing', curl('trusted.example')],
  ['untouched', curl('free.example')],
  ['through', digest('trusted.example', 4)],
  ['through6', digest('trusted.example', 6)],
  ['shown', ['sh', '-c', SHOW]],
];

// One after the other, so that each connection is known to be of its program.
const PROGRAMS = CLIENTS.map(([name, argv], index) =>
  run(name, argv, CLIENTS[index - 1]?.[0]),
).join('');

const EXPECT = `
expect:
  - { flow: refused, exitCode: 60, cause: intercepted, by: middle }
  - { flow: careless, exitCode: 0 }
  - { flow: believing, exitCode: 0, cause: intercepted, by: middle }
  - { flow: untouched, exitCode: 0, cause: null }
  - { flow: through, exitCode: 0 }
  - { flow: through6, exitCode: 0 }
  - { flow: shown, exitCode: 0 }`;

const NETWORKS = `
networks:
  inside: { subnet: [10.10.1.0/24, "fd00:1::/64"], members: [client, middle], delay: 1ms }
  outside: { subnet: [10.10.2.0/24, "fd00:2::/64"], members: [middle, server], delay: 1ms }`;

const PLACES = {
  'forwards by itself': `hosts: { client: {}, middle: {}, server: {} }${NETWORKS}`,
  'is asked by the kernel': `hosts: { client: {}, middle: {}, server: {} }${NETWORKS}
nat: [{ on: middle, out: outside, masquerade: true }]`,
};

describe('an interception of TLS', function () {
  this.timeout(120_000);
  const folder = scratch('interception');
  after(() => folder.remove());

  for (const [index, [place, text]] of Object.entries(PLACES).entries())
    describe(`where the censor ${place}`, () => {
      let report: ApplyReport;
      const log = (file: string): string =>
        readFileSync(join(report.results, 'logs', file), 'utf8');
      const issuerFor = (flow: string): string =>
        /issuer: .*CN=([^;\n]*)/.exec(log(`client.${flow}.log`))?.[1] ?? '';

      before(async () => {
        const file = join(folder.path, `${index}.yaml`);
        const censor = `censor:\n  name: reader\n  on: middle${RULES}`;
        const traffic = `traffic:${SERVE}${PROGRAMS}`;
        writeFileSync(
          file,
          `version: 1\nname: interception-${index}\n${text}\n${censor}\n${traffic}\ncaptures: [client, server]${EXPECT}\n`,
        );
        report = await apply(file, { out: folder.path, timeout: 110_000 });
      });

      it('holds what is expected of each client', () => {
        expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
      });

      it('shows certificates of the authority that the rule says, and else the own one of the server', () => {
        expect(issuerFor('careless')).to.match(/^Interception authority /);
        expect(issuerFor('believing')).to.match(/^Lab authority /);
        expect(log('client.shown.log')).to.match(/issuer=.*CN = Interception authority/);
        expect(log('client.believing.log')).to.match(/subject: .*CN=trusted\.example/);
        expect(log('client.untouched.log')).to.match(/subject: .*CN=web/);
      });

      it('offers the client what the server has chosen', () => {
        expect(log('client.shown.log')).to.match(/ALPN protocol: h2/);
      });

      it('passes 20 MiB on as they are', async () => {
        const page = createHash('sha256');
        for await (const block of pageOfSize(SIZE)) page.update(block as Buffer);
        const sum = page.digest('hex');
        expect(log('client.through.log')).to.contain(sum);
        expect(log('client.through6.log')).to.contain(sum);
      });

      it('notes what was said, and no more', () => {
        const lines = log('middle.reader.log');
        expect(lines).to.match(/HEAD \/ HTTP\/1\.1 of trusted\.example/);
        expect(lines).to.match(/< 200/);
        expect(lines).to.match(/ \d+ bytes of the client, 2[01]\d{6} of the server/);
        expect(lines).to.not.contain('free.example');
      });
    });
});
