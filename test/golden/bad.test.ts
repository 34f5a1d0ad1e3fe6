import { join } from 'node:path';
import { expect } from 'chai';
import { CODES } from '../../src/scenario/codes.ts';
import { renderDiagnostics } from '../../src/scenario/render-diagnostics.ts';
import { ROOT, compileRepositoryFile, repositoryFiles } from '../scenario/compile-text.ts';
import { expectGolden } from './expect-golden.ts';

const FILES = repositoryFiles('test/golden/bad', '.yaml');

/** Codes whose files are too large or no scenarios, or whose faults are on the command line: test/scenario shows them. */
const SHOWN_ELSEWHERE = [
  ...['S001', 'S023', 'S034', 'S050'],
  ...['S170', 'S171', 'S172', 'S173', 'S174'],
];

describe('compile() of a bad scenario', () => {
  const shown = new Set<string>(SHOWN_ELSEWHERE);

  const checkFile = (path: string): void => {
    const { plan, diagnostics, files } = compileRepositoryFile(path);
    for (const { code, severity } of diagnostics) {
      shown.add(code);
      expect(CODES).to.have.property(code);
      if (severity === 'error') expect(plan).to.equal(undefined);
    }
    expect(diagnostics).not.to.have.length(0);
    const rendered = renderDiagnostics(diagnostics, files, { color: false });
    expectGolden(join(ROOT, path.replace(/\.yaml$/, '.txt')), rendered);
  };
  for (const path of FILES) it(`says what is wrong with ${path}`, () => checkFile(path));

  it('is shown for every code', () => {
    expect(Object.keys(CODES).filter((code) => !shown.has(code))).to.deep.equal([]);
    expect(FILES.length).to.be.at.least(60);
  });
});
