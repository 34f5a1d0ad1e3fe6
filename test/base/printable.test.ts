import { expect } from 'chai';
import { printable } from '../../src/base/printable.ts';

describe('printable()', () => {
  it('shows what a terminal would act on', () => {
    expect(printable('a\u001b[31m\n\t\u0000\u009b\u202e\u2028b é')).to.equal(
      'a\\u001b[31m\\u000a\\u0009\\u0000\\u009b\\u202e\\u2028b é',
    );
  });
});
