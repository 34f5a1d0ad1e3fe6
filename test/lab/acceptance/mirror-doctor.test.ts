// What keeps a mirror from copying: found before the traffic, said with its mend, and true of the traffic where the run goes on.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { MirrorDiagnosis, MirrorFindingCode } from '../../../src/model/mirror-doctor.ts';
import { CHECKOUT, apply, runRunner, said, scratch } from './support/runner.ts';

const BRIDGE = join(CHECKOUT, 'scenarios/tcpcopy-bridge.yaml');

/** `broken` of tcpcopy-bridge.yaml → what is found, and what becomes of the copies. */
const CAUSES: Readonly<Record<string, readonly [readonly MirrorFindingCode[], string, string]>> = {
  port: [['port-closed'], 'whole: 0, ending: refused-by-target, count: 10', '0'],
  // The machine itself answers what it does not pass on: here the acknowledgment of the doctor's trial.
  nat: [['bridge-netfilter-off'], 'whole: 0', '"<= 1"'],
  // Answers of the doctor's own trial, and of ten copies.
  forward: [['assistant-forwards', 'bridge-netfilter-off'], 'whole: 0', '">= 10"'],
};

describe('the doctor of mirrors', function () {
  this.timeout(60_000);
  const folder = scratch('mirror-doctor');
  after(() => folder.remove());

  for (const [broken, [codes, wish, leaks]] of Object.entries(CAUSES)) {
    const named = codes.join(' and ');
    const set = ['--set', `broken=${broken}`];

    it(`runner doctor names ${named} with its mend, of tcpcopy-bridge with broken=${broken}`, async () => {
      const result = await runRunner(['doctor', BRIDGE, '--json', '--out', folder.path, ...set]);
      expect(result.code, said(result)).to.equal(1);
      const { mirrors } = JSON.parse(result.stdout) as { mirrors: readonly MirrorDiagnosis[] };
      expect(mirrors.map(({ mirror }) => mirror)).to.deep.equal(['shadow']);
      expect(mirrors[0]?.findings.map((finding) => finding.code)).to.deep.equal(codes);
    });

    it(`a run that expects ${named} goes on, and is as it says`, async () => {
      const text = readFileSync(BRIDGE, 'utf8').replace(
        /- \{ mirror: shadow.*/,
        `- { mirror: shadow, doctor: [${codes.join(', ')}], ${wish} }\n  - { capture: client, filter: src port 10231, count: ${leaks} }`,
      );
      const file = join(folder.path, `${broken}.yaml`);
      writeFileSync(file, text);
      const { expectations } = await apply(file, { out: folder.path, flags: set });
      expect(expectations.filter(({ held }) => !held)).to.deep.equal([]);
    });
  }

  it('ends a run that does not expect it before its traffic', async () => {
    const set = ['--set', 'broken=port'];
    const result = await runRunner(['apply', BRIDGE, '--out', folder.path, ...set]);
    expect(result.code, said(result)).to.equal(4);
    expect(result.stderr).to.include('Mirror "shadow" cannot copy (port-closed)');
  });
});
