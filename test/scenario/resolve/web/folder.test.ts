import { expect } from 'chai';
import { fail, ok } from '../../../../src/base/result.ts';
import type { FolderListing } from '../../../../src/model/web.ts';
import { compileText } from '../../compile-text.ts';

const file = (path: string): FolderListing['files'][number] => ({ path, bytes: 1, sha256: '' });

const CASES: readonly (readonly [
  title: string,
  listing: FolderListing | string,
  message: string,
])[] = [
  ['a folder that is not there', 'it is not there', 'Cannot serve "news": it is not there'],
  ['no files', { files: [], astray: [] }, 'There is no "index.html" in "news"'],
  [
    'an index further in alone',
    { files: [file('a/index.html')], astray: [] },
    'There is no "index.html" in "news"',
  ],
  [
    'a link that leads out',
    { files: [file('index.html')], astray: ['a'] },
    '"news" has 1 entry that cannot be served: "a"',
  ],
  [
    'several such links',
    { files: [file('index.html')], astray: ['a', 'b', 'c', 'd', 'e'] },
    '"news" has 5 entries that cannot be served: "a", "b" and "c" and 2 more',
  ],
];

describe('readFolder()', () => {
  for (const [title, listing, message] of CASES)
    it(`reports ${title}`, () => {
      const text = `
version: 1
name: lab
hosts: { server: {} }
traffic:
  - { name: web, on: server, serve: { web: { sites: { news.example: news } } } }
`;
      const listFolder = ():
        ReturnType<typeof ok<FolderListing>> | ReturnType<typeof fail<string>> =>
        typeof listing === 'string' ? fail(listing) : ok(listing);
      const { diagnostics } = compileText(text, {}, { listFolder });
      expect(diagnostics.map((one) => [one.code, one.message])).to.deep.equal([['S210', message]]);
    });
});
