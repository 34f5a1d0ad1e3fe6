import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { asOrdinaryUser } from './support/ordinary-user.ts';
import { type ApplyReport, CHECKOUT, apply, scratch } from './support/runner.ts';

const SCENARIO = join(CHECKOUT, 'scenarios/censor.yaml');

/** The fields that tshark reads from the packets a display filter lets through, one row a packet. */
function tshark(file: string, filter: string, fields: readonly string[]): string[] {
  const columns = fields.flatMap((field) => ['-e', field]);
  const args = ['-n', '-r', file, '-Y', filter, '-T', 'fields', ...columns];
  return execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => line !== '');
}

describe('apply scenarios/censor.yaml', function () {
  this.timeout(60_000);
  const folder = scratch('demo');
  const users = {
    'the user of the tests': () => ({}),
    'an ordinary user': () => asOrdinaryUser(folder.path),
  };
  after(() => folder.remove());

  for (const [user, options] of Object.entries(users))
    describe(`as ${user}`, () => {
      let report: ApplyReport;
      before(async () => {
        report = await apply(SCENARIO, { ...options(), out: join(folder.path, user) });
      });

      it('gives the two verdicts', () => {
        const verdicts = report.verdicts.map(({ flow, failure, cause, by }) => [
          flow,
          failure,
          cause,
          by,
        ]);
        expect(verdicts).to.deep.include([
          'forbidden',
          'connection_reset',
          'injected-rst',
          'middle',
        ]);
        expect(verdicts).to.deep.include(['allowed', null, null, null]);
      });

      it('holds every expectation', () => {
        expect(report.status).to.equal('passed');
        expect(report.expectations.map(({ held }) => held)).to.deep.equal([true, true, true]);
      });

      it('leaves captures that tshark reads whole', () => {
        const captures = join(report.results, 'captures');
        const files = readdirSync(captures);
        expect(files.toSorted()).to.deep.equal([
          'all.pcapng',
          'client.inside.pcap',
          'middle.inside.pcap',
          'middle.outside.pcap',
          'server.outside.pcap',
        ]);
        for (const file of files)
          expect(tshark(join(captures, file), 'tcp', ['frame.number'])).to.not.be.empty;
      });

      it('shows resets at the client that the server never sent', () => {
        const captures = join(report.results, 'captures');
        const client = join(captures, 'client.inside.pcap');
        const [port = ''] = tshark(
          client,
          'tls.handshake.extensions_server_name == "blocked.example"',
          ['tcp.srcport'],
        );
        const resets = `tcp.flags.reset == 1 && tcp.srcport == 443 && tcp.dstport == ${port}`;
        const seen = tshark(client, resets, ['frame.number']);
        const sent = tshark(join(captures, 'server.outside.pcap'), resets, ['frame.number']);
        expect(seen).to.not.be.empty;
        expect(sent).to.deep.equal([]);
      });
    });
});
