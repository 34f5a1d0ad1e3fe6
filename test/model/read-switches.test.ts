import { expect } from 'chai';
import { readSwitches, switchedNames } from '../../src/model/read-switches.ts';

const TUNNELS = ['wgnet1', 'wgnet2', 'wgnet3'];

describe('readSwitches()', () => {
  it('takes a path by its name or by its number', () => {
    const text = '# a run\r\n0 wgnet3\r\n\n 200.5, 1 # back\r\n200.5\t2';
    expect(readSwitches(text, TUNNELS)).to.deep.equal({
      ok: true,
      value: [
        { at: 0, to: 'wgnet3' },
        { at: 200.5, to: 'wgnet1' },
        { at: 200.5, to: 'wgnet2' },
      ],
    });
  });

  it('takes a name that is a number for the name', () => {
    const switches = readSwitches('0 2', ['2', '1']);
    expect(switches.ok && switches.value).to.deep.equal([{ at: 0, to: '2' }]);
  });

  const WRONG: readonly (readonly [text: string, line: number | null, message: string])[] = [
    ['', null, 'Expected from 1 to 1000000 switches, found 0'],
    ['0 1\nnow 2', 2, 'Expected milliseconds and a path such as "200 wgnet2", found "now 2"'],
    ['0', 1, 'Expected milliseconds and a path such as "200 wgnet2", found "0"'],
    ['-5 1', 1, 'Expected milliseconds and a path such as "200 wgnet2", found "-5 1"'],
    ['0 4', 1, 'Expected one of wgnet1, wgnet2, wgnet3, or its number, found "4"'],
    ['0 0', 1, 'Expected one of wgnet1, wgnet2, wgnet3, or its number, found "0"'],
    ['0 wg0', 1, 'Expected one of wgnet1, wgnet2, wgnet3, or its number, found "wg0"'],
    ['9 1\n#\n3 2', 3, 'Expected times in their order, found "3 2"'],
  ];
  for (const [text, line, message] of WRONG)
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(readSwitches(text, TUNNELS)).to.deep.equal({ ok: false, error: { line, message } });
    });
});

describe('switchedNames()', () => {
  it('gives the names that are no numbers, sorted', () => {
    expect(switchedNames('0 b\n1 2\n2 a # c\nnonsense\n3 b\n')).to.deep.equal(['a', 'b']);
  });
});
