import { expect } from 'chai';
import { paramText } from '../../src/model/param-text.ts';

describe('paramText()', () => {
  it('writes values plainly, lists with "|" and list files by name', () => {
    expect(paramText(7)).to.equal('7');
    expect(paramText('90s')).to.equal('90s');
    expect(paramText(['a.example', { file: 'names.txt' }])).to.equal('a.example|names.txt');
  });
});
