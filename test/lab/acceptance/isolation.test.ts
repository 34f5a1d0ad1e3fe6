import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import type { IsolationReport } from './support/machine-with-outside.ts';
import { CHECKOUT, scratch } from './support/runner.ts';

describe('a lab without uplink', function () {
  this.timeout(60_000);
  const folder = scratch('isolation');
  let report: IsolationReport;
  before(() => {
    const machine = join(import.meta.dirname, 'support/machine-with-outside.ts');
    const node = [process.execPath, '--import', 'ts-blank-space/register', machine];
    const namespaces = ['--user', '--map-root-user', '--net'];
    const args = [...namespaces, ...node, join(CHECKOUT, 'bin/runner'), folder.path];
    const output = execFileSync('unshare', args, {
      cwd: CHECKOUT,
      encoding: 'utf8',
    });
    report = JSON.parse(output) as IsolationReport;
  });
  after(() => folder.remove());

  it('reaches itself, and no address of the machine nor any outside it', () => {
    expect(report.codes, report.said).to.deep.equal([0, 0]);
    expect(report.connections).to.equal(0);
  });

  it('sends no packet out of the machine', () => {
    expect(report.packetsOut).to.equal(0);
  });

  it('cannot be reached from the machine', () => {
    expect(report.tries).to.be.greaterThan(0);
    expect(report.reachedFromMachine).to.deep.equal([]);
  });
});
