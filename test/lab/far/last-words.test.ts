import { expect } from 'chai';
import { lastWords } from '../../../src/lab/far/last-words.ts';

describe('lastWords()', () => {
  it('picks the line that names the error out of what Node.js writes around it', () => {
    const said: string = [
      'node:internal/modules/cjs/loader:1586',
      '  return process.dlopen(module, path.toNamespacedPath(filename));',
      '                 ^',
      '',
      'Error: /home/edge/a.node: failed to map segment from shared object',
      '    at Object..node (node:internal/modules/cjs/loader:1586:18)',
      ...Array.from({ length: 8 }, (_, index) => `    at step${index} (node:internal:1:1)`),
      "  code: 'ERR_DLOPEN_FAILED'",
      '}',
      'Node.js v20.20.0',
    ].join('\n');
    expect(lastWords(said)).to.equal(
      'Error: /home/edge/a.node: failed to map segment from shared object',
    );
  });

  it('gives the last lines of what names no error', () => {
    expect(lastWords('1\n2\n\n3\n4\n5\n6\n7\n')).to.equal('2; 3; 4; 5; 6; 7');
    expect(lastWords('')).to.equal('');
  });
});
