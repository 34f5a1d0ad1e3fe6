import { expect } from 'chai';
import { parseDf } from '../../src/ssh/explain-push.ts';
import type { DiskUse } from '../../src/ssh/explain-push.ts';

const HEADING = 'Filesystem     1024-blocks    Used Available Capacity Mounted on\n';

describe('parseDf()', () => {
  const CASES: readonly (readonly [output: string, use: DiskUse | null])[] = [
    [
      `${HEADING}tmpfs 1024 1024 0 100% /tmp/x\n`,
      { mount: '/tmp/x', sizeKib: 1024, availableKib: 0, used: '100%' },
    ],
    [
      `${HEADING}a share 10 5 -3 99% /mnt/two words\n`,
      { mount: '/mnt/two words', sizeKib: 10, availableKib: 0, used: '99%' },
    ],
    [HEADING, null],
    ['', null],
    ['sh: df: not found\n', null],
  ];
  for (const [output, use] of CASES)
    it(`reads ${JSON.stringify(output.replace(HEADING, '…'))}`, () => {
      expect(parseDf(output)).to.deep.equal(use);
    });
});
