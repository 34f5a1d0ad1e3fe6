import { expect } from 'chai';
import { unexpectedFindings } from '../../../src/analysis/mirror/unexpected-findings.ts';
import type { Expectation } from '../../../src/model/expectation.ts';
import type { MirrorFinding, MirrorFindingCode } from '../../../src/model/mirror-doctor.ts';

const finding = (code: MirrorFindingCode): MirrorFinding => ({
  ...{ code, effect: 'fails', message: '', help: '' },
});
const wish = (mirror: string, ...doctor: MirrorFindingCode[]): Expectation => ({
  ...{ kind: 'mirror', id: '1', mirror, doctor },
});

describe('unexpectedFindings()', () => {
  const diagnosis = {
    mirror: 'shadow',
    findings: [finding('port-closed'), finding('route-missing')],
  };

  it('leaves out what the scenario expects of this mirror', () => {
    const expectations = [wish('shadow', 'route-missing'), wish('other', 'port-closed')];
    expect(unexpectedFindings(diagnosis, expectations)).to.deep.equal([finding('port-closed')]);
  });

  it('has all of them where none is expected', () => {
    const short: Expectation = { kind: 'mirror', id: '1', mirror: 'shadow' };
    expect(unexpectedFindings(diagnosis, [short])).to.deep.equal(diagnosis.findings);
    expect(unexpectedFindings({ ...diagnosis, findings: [] }, [])).to.deep.equal([]);
  });
});
