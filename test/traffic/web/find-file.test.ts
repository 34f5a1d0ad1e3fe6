import { expect } from 'chai';
import { findFile } from '../../../src/traffic/web/find-file.ts';

const FILES = new Set([
  'index.html',
  'about/index.html',
  'a b.txt',
  'ä.txt',
  'a%2Fb.txt',
  'css/main.css',
]);

const file = (path: string): object => ({ kind: 'file', path });
const NONE = { kind: 'none' };
const BAD = { kind: 'bad' };

const CASES: readonly (readonly [target: string, found: object])[] = [
  ['/', file('index.html')],
  ['', file('index.html')],
  ['/?query', file('index.html')],
  ['/css/main.css?v=1#x', file('css/main.css')],
  ['/about/', file('about/index.html')],
  ['/about', { kind: 'moved', to: '/about/' }],
  ['/about?x=/', { kind: 'moved', to: '/about/?x=/' }],
  ['//about', NONE],
  ['/a%20b.txt', file('a b.txt')],
  ['/%C3%A4.txt', file('ä.txt')],
  ['/a%252Fb.txt', file('a%2Fb.txt')],
  ['http://news.example/about/', file('about/index.html')],
  ['http://news.example', file('index.html')],
  ['/css/', NONE],
  ['/css', NONE],
  ['/INDEX.HTML', NONE],
  ['/../index.html', NONE],
  ['/about/../index.html', NONE],
  ['/..%2f..%2fetc/passwd', NONE],
  ['/%2e%2e/%2e%2e/etc/passwd', NONE],
  ['/....//etc/passwd', NONE],
  ['/./index.html', NONE],
  ['/about\\..\\index.html', NONE],
  ['//etc/passwd', NONE],
  ['/%00', BAD],
  ['/%', BAD],
  ['/%ff', BAD],
  ['*', BAD],
  ['index.html', BAD],
];

describe('findFile()', () => {
  for (const [target, found] of CASES)
    it(`of ${JSON.stringify(target)}`, () => {
      expect(findFile(FILES, target)).to.deep.equal(found);
    });
});
