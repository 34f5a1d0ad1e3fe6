import { REPORT, failing } from './fixture.ts';
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { renderJunit } from '../../src/report/junit.ts';

describe('renderJunit()', () => {
  it('has one test case an expectation and one a flow', () => {
    const xml = renderJunit({ ...REPORT, expectations: [failing] });
    expect(xml).to.include(
      '<testsuites name="censor" tests="3" failures="1" errors="0" time="1.500">',
    );
    expect(xml).to.include(
      '<failure type="expectations" message="failure: wished &quot;connection_reset&quot;, found none"/>',
    );
    expect(xml).to.include('<testcase classname="censor.flows" name="allowed" time="0.076">');
  });

  it('makes a broken run an error', () => {
    const fault = { message: 'The agent ended: killed by "SIGKILL"' };
    const manifest = { ...REPORT.manifest, status: 'broken' as const, fault };
    const xml = renderJunit({ ...REPORT, manifest, expectations: [], verdicts: [] });
    expect(xml).to.include('errors="1"').and.include('killed by &quot;SIGKILL&quot;');
  });

  it('is well-formed whatever the text holds', function () {
    const xml = renderJunit({
      ...REPORT,
      expectations: [{ ...failing, detail: ']]> <&\u0000\u001b\ud800\n"' }],
    });
    // Python's expat is the one XML parser that every Debian machine with our packages has.
    execFileSync('python3', ['-c', 'import sys,xml.dom.minidom as m; m.parse(sys.stdin.buffer)'], {
      input: xml,
    });
  });
});
