import { expect } from 'chai';
import { type Har, harHosts, parseHar } from '../../src/wire/har.ts';

const entry = (url: string, change: object = {}, content: object = {}): object => ({
  request: { method: 'get', url },
  response: { status: 200, headers: [], bodySize: -1, content: { size: 0, ...content }, ...change },
  timings: { wait: 12.5 },
});

const textOf = (...entries: unknown[]): string => JSON.stringify({ log: { entries } });

function harOf(...entries: unknown[]): Har {
  const har = parseHar(textOf(...entries));
  if (!har.ok) throw new Error(har.error.message);
  return har.value;
}

const messageOf = (text: string): string => {
  const har = parseHar(text);
  return har.ok ? 'no fault' : har.error.message;
};

describe('parseHar()', () => {
  it('reads what was asked and what was answered', () => {
    const har = harOf(
      entry(
        'https://Shop.Example.:8443/a%20b?x=1&x=2#top',
        { headers: [{ name: 'Set-Cookie', value: 'a=1\nb=2' }] },
        { size: 3, text: 'abc' },
      ),
    );
    expect(har).to.deep.equal({
      skipped: 0,
      entries: [
        {
          ...{
            method: 'GET',
            scheme: 'https',
            host: 'shop.example',
            path: '/a%20b',
            query: 'x=1&x=2',
          },
          status: 200,
          headers: [
            ['Set-Cookie', 'a=1'],
            ['Set-Cookie', 'b=2'],
          ],
          body: { kind: 'text', text: 'abc', base64: false },
          wait: 12.5,
        },
      ],
    });
  });

  it('tells bodies that are there from bodies that are only counted', () => {
    const bodies = harOf(
      entry('http://a.example/', {}, { size: 4, text: 'AAAA', encoding: 'base64' }),
      entry('http://a.example/', { bodySize: 700 }, { size: 2000 }),
      entry('http://a.example/', { bodySize: -1 }, { size: 2000 }),
      entry('http://a.example/', { bodySize: 700 }, { size: 2000, text: '' }),
      entry('http://a.example/', { bodySize: 0 }, { size: -1 }),
      entry('http://a.example/', {}, { size: 0, text: '' }),
      entry('http://a.example/', { bodySize: 1e15 }),
      entry('http://a.example/', { bodySize: 7.5 }),
    ).entries.map(({ body }) => body);
    expect(bodies).to.deep.equal([
      { kind: 'text', text: 'AAAA', base64: true },
      { kind: 'missing', size: 700 },
      { kind: 'missing', size: 2000 },
      { kind: 'missing', size: 700 },
      { kind: 'missing', size: 0 },
      { kind: 'text', text: '', base64: false },
      { kind: 'missing', size: 1024 ** 3 },
      { kind: 'missing', size: 7 },
    ]);
  });

  it('takes what a cache had for what a new visitor gets', () => {
    expect(harOf(entry('http://a.example/', { status: 304 })).entries[0]?.status).to.equal(200);
  });

  it('leaves out what is no answer over HTTP, and counts it', () => {
    const har = harOf(
      entry('data:text/plain,x'),
      entry('wss://a.example/', { status: 101 }),
      entry('http://a.example/', { status: 0 }),
      entry('http://a.example/', { status: 200.5 }),
      entry('http://a.example/'),
    );
    expect([har.entries.length, har.skipped]).to.deep.equal([1, 4]);
  });

  it('reads a text that begins with a byte order mark', () => {
    expect(parseHar(`\ufeff${textOf(entry('http://a.example/'))}`).ok).to.equal(true);
  });

  const WRONG: readonly (readonly [title: string, text: string, message: string])[] = [
    ['no recording', '{"log": {}}', 'Expected a list "log.entries", found none'],
    ['another kind of JSON', '[]', 'Expected a list "log.entries", found none'],
    ['no request', textOf({}), 'Entry 1: expected a text "request.method", found nothing'],
    [
      'no URL',
      textOf(entry('http://a.example/'), entry('http://')),
      'Entry 2: expected a URL "request.url", found "http://"',
    ],
    [
      'a status that is text',
      textOf(entry('http://a.example/', { status: '200' })),
      'Entry 1: expected a number "response.status", found "200"',
    ],
    [
      'no headers',
      textOf(entry('http://a.example/', { headers: null })),
      'Entry 1: expected a list "response.headers", found null',
    ],
    [
      'a header without a value',
      textOf(entry('http://a.example/', { headers: [{ name: 'A' }] })),
      'Entry 1: expected texts "name" and "value" of each header, found {"name":"A"}',
    ],
  ];
  for (const [title, text, message] of WRONG)
    it(`says what is wrong: ${title}`, () => expect(messageOf(text)).to.equal(message));

  it('says where a text ends being JSON', () => {
    const before = `{"log":{"entries":[${'1,'.repeat(40)}`;
    const fault = parseHar(`${before}!],"creator":{"name":"somebody"}}}`);
    expect(fault).to.deep.equal({
      ok: false,
      error: { message: "Expected JSON, found: Unexpected token '!'", offset: before.length },
    });
  });

  it('says that a text is cut off', () => {
    expect(messageOf(textOf(entry('http://a.example/')).slice(0, 40))).to.match(
      /^Expected JSON, found: /,
    );
  });
});

describe('harHosts()', () => {
  it('gives names once, and no addresses', () => {
    const har = harOf(
      ...['b.example', 'a.example', 'b.example:81', '10.0.0.1', '[fd00::1]:8080'].map((host) =>
        entry(`https://${host}/`),
      ),
    );
    expect(harHosts(har)).to.deep.equal(['b.example', 'a.example']);
  });
});
