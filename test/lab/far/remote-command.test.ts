import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { remoteCommand } from '../../../src/lab/far/remote-command.ts';

const SHELLS: readonly string[] = [
  '/bin/sh',
  '/bin/bash',
  '/bin/zsh',
  '/usr/bin/fish',
  '/bin/tcsh',
];

describe('remoteCommand()', () => {
  for (const shell of SHELLS.filter((path) => existsSync(path)))
    it(`brings every word through ${shell}`, () => {
      const word = fc.string({
        unit: fc.constantFrom(...Array.from('a \n\'"\\!$`*?%~#;&|<>()[]{}+:=ä\t')),
      });
      fc.assert(
        fc.property(fc.array(word, { maxLength: 4 }), (words) => {
          const line = remoteCommand('for w do printf "%s\\n." "$w"; done', words);
          const said = execFileSync(shell, ['-c', line], { encoding: 'utf8' });
          expect(said).to.equal(words.map((one) => `${one}\n.`).join(''));
        }),
        { numRuns: 40 },
      );
    });

  it('holds no character in which login shells differ', () => {
    const line = remoteCommand('a\nb', ['!', '\\\\', "'"]);
    expect(line)
      .to.match(/^exec sh -c [^\n!]*$/)
      .and.not.contain('\\\\');
  });

  it('refuses a NUL byte', () => {
    expect(() => remoteCommand('true', ['\0'])).to.throw('NUL');
  });
});
