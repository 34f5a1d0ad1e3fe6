import { expect } from 'chai';
import fc from 'fast-check';
import { readEnvironmentFile } from '../../../src/scenario/compose/environment-file.ts';
import { environmentVariables } from '../../../src/scenario/compose/variables.ts';

const NOTHING = environmentVariables({});

const read = (text: string, raw = false): Record<string, string | undefined> =>
  Object.fromEntries(readEnvironmentFile(text, NOTHING, raw).variables);

describe('readEnvironmentFile()', () => {
  for (const [text, found] of [
    ['\uFEFFA=1\r\nexport B = 2\n# no\n\nC', { A: '1', B: '2', C: undefined }],
    [`A=x # note\nB=x#y\nC="x # y" # note\nD='$A'`, { A: 'x', B: 'x#y', C: 'x # y', D: '$A' }],
    ['A="one\ntwo"\nB=3', { A: 'one\ntwo', B: '3' }],
    [String.raw`A="a\tb\"c\x"`, { A: 'a\tb"c\\x' }],
    ['A=1\nB=${A}${NONE:-2}', { A: '1', B: '12' }],
    ['A=\nB=""', { A: '', B: '' }],
  ] as const)
    it(`reads ${JSON.stringify(text)}`, () => expect(read(text)).to.deep.equal(found));

  it('takes values as they stand when told so', () =>
    expect(read(`A="$x" # y`, true)).to.deep.equal({ A: '"$x" # y' }));

  it('says which sensitive variables a value is made of, by way of others too', () => {
    const outer = environmentVariables({ ANY: 'x' });
    const { sensitive } = readEnvironmentFile('A=${ANY}\nB=<$A>\nDB_PASS=y\nC=$DB_PASS', outer);
    expect(sensitive.get('B')).to.deep.equal(['ANY']);
    expect(sensitive.get('C')).to.deep.equal(['DB_PASS']);
  });

  it('says which lines are wrong', () => {
    const { faults } = readEnvironmentFile('A=1\n= 2\nB=${', NOTHING);
    expect(faults.map(({ line }) => line)).to.deep.equal([2, 3]);
  });

  it('does not grow without bound', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `A${index + 1}=$A${index}$A${index}`);
    const { variables, faults } = readEnvironmentFile(`A0=xx\n${lines.join('\n')}`, NOTHING);
    expect(faults).not.to.have.length(0);
    for (const value of variables.values()) expect(value?.length ?? 0).to.be.at.most(131_072);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        readEnvironmentFile(`A=${text}`, NOTHING);
      }),
    );
  });
});
