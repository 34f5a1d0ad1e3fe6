import { expect } from 'chai';
import { contentType } from '../../../src/traffic/web/content-type.ts';

const CASES: readonly (readonly [path: string, type: string])[] = [
  ['index.html', 'text/html; charset=utf-8'],
  ['a/B.PNG', 'image/png'],
  ['js/app.min.js', 'text/javascript; charset=utf-8'],
  ['font.woff2', 'font/woff2'],
  ['README', 'application/octet-stream'],
  ['x.constructor', 'application/octet-stream'],
  ['folder.html/file', 'application/octet-stream'],
];

describe('contentType()', () => {
  for (const [path, type] of CASES)
    it(`is ${type} of ${path}`, () => expect(contentType(path)).to.equal(type));
});
