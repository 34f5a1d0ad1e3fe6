import { expect } from 'chai';
import { findingComment, findingName } from '../../../src/scenario/finding/describe-finding.ts';
import { FINDING } from './samples.ts';

describe('scenario/finding/describe-finding', () => {
  it('findingName() gives each a name that a file can have', () => {
    expect(findingName(FINDING, 12)).to.equal('012-FLOW_MOD-ERROR-BAD_ACTION-99.yaml');
  });

  it('findingComment() says of what it is', () => {
    expect(findingComment(FINDING)).to.equal(
      'FLOW_MOD no. 7 of session 2, mutated at S->P, was answered by ERROR BAD_ACTION 99.',
    );
  });
});
