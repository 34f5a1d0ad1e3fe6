import { expect } from 'chai';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import {
  diagnosticsToJson,
  diagnosticsToSarif,
  renderDiagnostics,
} from '../../src/scenario/render-diagnostics.ts';

const FAULT: Diagnostic = {
  code: 'S060',
  severity: 'error',
  message: 'There is no host "cllient"',
  span: { file: 'lab.yaml', line: 2, column: 12, length: 7 },
  help: 'Did you mean "client"?',
};
const files = new Map([['lab.yaml', 'version: 1\n  members: [cllient]\n']]);

describe('renderDiagnostics()', () => {
  it('shows the line and what of it is meant', () => {
    expect(renderDiagnostics([FAULT], files, { color: false })).to
      .equal(`error[S060]: There is no host "cllient"
 --> lab.yaml:2:12
  |
2 |   members: [cllient]
  |            ^^^^^^^
  = help: Did you mean "client"?

1 error
`);
  });

  it('paints only when asked to', () => {
    expect(renderDiagnostics([FAULT], files, { color: true })).to.contain(
      '\u001B[1;31merror[S060]',
    );
    expect(renderDiagnostics([FAULT], files, { color: false })).not.to.contain('\u001B');
  });

  it('keeps the caret below a column behind tabs', () => {
    const tabbed = new Map([['lab.yaml', '\n\t\tbad']]);
    const span = { file: 'lab.yaml', line: 2, column: 3, length: 3 };
    expect(renderDiagnostics([{ ...FAULT, span }], tabbed, { color: false })).to.contain(
      '2 | \t\tbad\n  | \t\t^^^\n',
    );
  });

  it('cuts long lines around the place', () => {
    const long = new Map([['lab.yaml', `\n${'a'.repeat(5000)}bad${'b'.repeat(5000)}`]]);
    const span = { file: 'lab.yaml', line: 2, column: 5001, length: 3 };
    const shown = renderDiagnostics([{ ...FAULT, span }], long, { color: false });
    expect(shown.length).to.be.below(600);
    expect(shown).to.match(/\.\.\.a+badb+\.\.\.\n/);
  });

  it('lets no escape sequence of a file reach the terminal', () => {
    const hostile = new Map([['lab.yaml', '\n\u001B]0;gotcha\u0007\u009B31m members']]);
    const shown = renderDiagnostics([FAULT], hostile, { color: false });
    // eslint-disable-next-line no-control-regex -- control characters are what is sought
    expect(shown).not.to.match(/[\u0007\u001B\u009B]/);
  });

  it('shows a hundred and counts the rest', () => {
    const many = Array.from({ length: 250 }, () => FAULT);
    expect(renderDiagnostics(many, files, { color: false })).to.match(
      /250 errors, 150 not shown\n$/,
    );
  });

  it('names the place alone where the text is not at hand', () => {
    const span = { ...FAULT.span, line: 99 };
    expect(renderDiagnostics([{ ...FAULT, span }], files, { color: false })).to.contain(
      '--> lab.yaml:99:12\n',
    );
  });

  it('says nothing of nothing', () => {
    expect(renderDiagnostics([], files, { color: false })).to.equal('');
  });
});

describe('diagnosticsToJson()', () => {
  it('gives the same as data, with the page of each code', () => {
    const warning: Diagnostic = { ...FAULT, severity: 'warning' };
    expect(diagnosticsToJson([FAULT, warning])).to.deep.equal({
      diagnostics: [
        { ...FAULT, page: 'docs/diagnostics/S060.md' },
        { ...warning, page: 'docs/diagnostics/S060.md' },
      ],
      errors: 1,
      warnings: 1,
    });
  });
});

describe('diagnosticsToSarif()', () => {
  it('gives one run with a rule for each code', () => {
    const related = [{ message: 'The other one', span: FAULT.span }];
    const sarif = diagnosticsToSarif([FAULT, { ...FAULT, related }], '1.2.3');
    expect(sarif).to.have.property('version', '2.1.0');
    expect(sarif).to.have.nested.property('runs[0].tool.driver.version', '1.2.3');
    expect(sarif).to.have.nested.property('runs[0].tool.driver.rules').with.length(1);
    expect(sarif).to.have.nested.property('runs[0].results').with.length(2);
    expect(sarif).to.have.nested.property('runs[0].results[0].ruleId', 'S060');
    expect(sarif).to.deep.nested.include({
      'runs[0].results[0].locations[0].physicalLocation': {
        artifactLocation: { uri: 'lab.yaml' },
        region: { startLine: 2, startColumn: 12, endColumn: 19 },
      },
    });
    expect(sarif).to.have.nested.property('runs[0].results[1].relatedLocations').with.length(1);
  });
});
