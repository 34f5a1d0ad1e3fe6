import { expect } from 'chai';
import { createRecordedAnswers } from '../../../src/traffic/web/recorded-answers.ts';
import type { HarEntry } from '../../../src/wire/har.ts';

let serial = 0;
function entry(text: string, change: Partial<HarEntry> = {}): HarEntry {
  const [, method = '', scheme = '', host = '', path = '', query = ''] =
    /^(\w+) (\w+):\/\/([^/]+)([^?]*)\??(.*)$/.exec(text) ?? [];
  serial += 1;
  return {
    ...{ method, host, path, query, status: 200, headers: [], wait: serial },
    scheme: scheme === 'http' ? 'http' : 'https',
    body: { kind: 'text', text: `${serial}`, base64: false },
    ...change,
  };
}

const ENTRIES = [
  entry('GET http://shop.example/', { status: 301 }),
  entry('GET https://shop.example/'),
  entry('POST https://shop.example/'),
  entry('GET https://shop.example/price?item=teapot&at=100'),
  entry('GET https://shop.example/price?item=kettle&at=100'),
  entry('GET https://shop.example/price?item=kettle&at=100&more=1'),
  entry('GET https://cdn.example/x.js?v=1'),
  entry('GET https://cdn.example/x.js'),
  entry('GET https://shop.example/'),
  entry('HEAD https://cdn.example/x.js?head'),
];
const answers = createRecordedAnswers(ENTRIES);

/** The place of the answer among the entries; -1 for none. */
function placeOf(text: string): number {
  const [, method = '', scheme = '', host = '', target = ''] =
    /^(\w+) (\w+):\/\/([^/]+)(.*)$/.exec(text) ?? [];
  const found = answers.find({
    method,
    scheme: scheme === 'http' ? 'http' : 'https',
    host,
    target,
  });
  return found === null ? -1 : ENTRIES.indexOf(found);
}

const CASES: readonly (readonly [title: string, request: string, place: number])[] = [
  ['the same request', 'GET https://shop.example/', 1],
  ['the same over HTTP, which is a redirect', 'GET http://shop.example/', 0],
  ['another method', 'POST https://shop.example/', 2],
  ['a method that was not recorded', 'DELETE https://shop.example/', -1],
  ['a head that was not recorded, from the whole', 'HEAD https://shop.example/', 1],
  ['a head that was recorded', 'HEAD https://cdn.example/x.js', 9],
  ['the same query', 'GET https://shop.example/price?item=kettle&at=100', 4],
  ['the query with most in common', 'GET https://shop.example/price?at=999&item=kettle', 4],
  ['the query with the same names', 'GET https://shop.example/price?item=cup&at=1&more=2', 5],
  ['the query that was, where one was asked for', 'GET https://cdn.example/x.js?v=2', 6],
  ['the one without a query', 'GET https://cdn.example/x.js', 7],
  ['a host over the scheme that it was asked over', 'GET http://cdn.example/x.js?v=1', 6],
  ['nothing of another path', 'GET https://shop.example/other', -1],
  ['nothing of another host', 'GET https://other.example/', -1],
  ['a fragment that a client should not send', 'GET https://shop.example/#top', 1],
  ['a whole URL, as proxies get', 'GET https://shop.example/', 1],
];

describe('createRecordedAnswers()', () => {
  for (const [title, request, place] of CASES)
    it(`finds ${title}`, () => expect(placeOf(request)).to.equal(place));

  it('finds a whole URL in the request line', () => {
    const target = 'https://shop.example/price?item=teapot&at=100';
    const request = { method: 'GET', scheme: 'https' as const, host: 'shop.example', target };
    expect(answers.find(request)).to.equal(ENTRIES[3]);
  });

  it('counts parameters that come twice as often as they come', () => {
    const [once, twice] = [
      entry('GET https://a.example/?x=1'),
      entry('GET https://a.example/?x=1&x=1'),
    ];
    const found = createRecordedAnswers([once, twice]).find({
      ...{ method: 'GET', scheme: 'https', host: 'a.example', target: '/?x=1&x=1&y=2' },
    });
    expect(found).to.equal(twice);
  });

  it('knows its hosts', () => {
    expect(['shop.example', 'other.example'].map((host) => answers.has(host))).to.deep.equal([
      true,
      false,
    ]);
  });
});
