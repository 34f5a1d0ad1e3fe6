import { expect } from 'chai';
import { isOrdinaryUsers } from '../../../src/agent/container/machine-process.ts';

describe('isOrdinaryUsers()', () => {
  it('knows the namespace of one user', () =>
    expect(isOrdinaryUsers('         0       1000          1\n')).to.equal(true));
  it('knows that of the machine', () =>
    expect(isOrdinaryUsers('         0          0 4294967295\n')).to.equal(false));
  it('knows that of a rootless engine', () =>
    expect(
      isOrdinaryUsers('         0       1000          1\n         1     100000      65536\n'),
    ).to.equal(false));
});
