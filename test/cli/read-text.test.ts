import { expect } from 'chai';
import { readText } from '../../src/cli/read-text.ts';

describe('readText()', () => {
  it('reads a file', () => {
    expect(readText('LICENSE')).to.include('MIT');
  });
  it('does not read without end', () => {
    expect(() => readText('/dev/zero')).to.throw('"/dev/zero" is larger than 64 MiB');
  });
  it('says what it could not read, and why', () => {
    expect(() => readText('/nowhere')).to.throw('"/nowhere" cannot be read: ENOENT');
    expect(() => readText('/')).to.throw('"/" cannot be read: EISDIR');
  });
});
