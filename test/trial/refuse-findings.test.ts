import { expect } from 'chai';
import { Fault } from '../../src/base/fault.ts';
import type { Expectation } from '../../src/model/expectation.ts';
import type { MirrorFinding, MirrorFindingCode } from '../../src/model/mirror-doctor.ts';
import { refuseFindings } from '../../src/trial/refuse-findings.ts';

const finding = (code: MirrorFindingCode): MirrorFinding => ({
  ...{ code, effect: 'fails', message: `What ${code} means`, help: `Mend ${code}` },
});
const expected = (...doctor: MirrorFindingCode[]): Expectation[] => [
  { kind: 'mirror', id: 'e1', mirror: 'shadow', doctor },
];
const DIAGNOSES = [
  { mirror: 'shadow', findings: [finding('port-closed'), finding('route-missing')] },
];

describe('trial/refuse-findings', () => {
  it('refuseFindings() throws a fault of the run that names what was found and mends it', () => {
    expect(() => refuseFindings(DIAGNOSES, { expectations: expected('port-closed') }))
      .to.throw(Fault, 'Mirror "shadow" cannot copy (route-missing): What route-missing means')
      .with.property('help', 'Mend route-missing');
  });

  it('refuseFindings() says all', () => {
    expect(() => refuseFindings(DIAGNOSES, { expectations: [] })).to.throw(
      /port-closed.*route-missing/,
    );
  });

  it('refuseFindings() lets pass what is expected, and mirrors without findings', () => {
    const expectations = expected('route-missing', 'port-closed');
    refuseFindings(DIAGNOSES, { expectations });
    refuseFindings([{ mirror: 'shadow', findings: [] }], { expectations: [] });
  });
});
