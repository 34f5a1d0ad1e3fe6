import { expect } from 'chai';
import fc from 'fast-check';
import { type HttpRequestHead, readHttpRequest } from '../../src/wire/http.ts';

function read(text: string): HttpRequestHead | string {
  const bytes = Buffer.from(text, 'latin1');
  const reading = readHttpRequest(bytes, 0, bytes.length);
  return reading.kind === 'request' ? reading.head : reading.kind;
}

const PLAIN = 'GET /a?b HTTP/1.1\r\nUser-Agent: x\r\nHost: Blocked.Example:8080\r\n\r\n';

describe('wire/http', () => {
  it('readHttpRequest() reads method, path and host', () => {
    expect(read(PLAIN)).to.deep.equal({
      method: 'GET',
      target: '/a?b',
      path: '/a?b',
      version: '1.1',
      host: 'blocked.example',
      headers: ['User-Agent: x', 'Host: Blocked.Example:8080'],
      canonical: true,
      text: PLAIN,
      body: 0,
    });
  });

  it('readHttpRequest() asks for more at every cut', () => {
    for (let length = 0; length < PLAIN.length; length += 1)
      expect(read(PLAIN.slice(0, length)), `first ${length} bytes`).to.equal('more');
  });

  const heads: readonly (readonly [string, string, Partial<HttpRequestHead>])[] = [
    ['bare line feeds', 'GET / HTTP/1.0\nhOsT:  a.b \n\n', { host: 'a.b' }],
    ['empty lines first', '\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n', { host: 'a' }],
    ['many spaces', 'GET   /a b   HTTP/1.1\r\n\r\n', { path: '/a b' }],
    ['no Host', 'GET / HTTP/1.0\r\n\r\n', { host: '' }],
    ['an absolute target', 'GET http://u@a.b:81?c HTTP/1.1\r\n\r\n', { host: 'a.b', path: '/?c' }],
    ['an IPv6 Host', 'GET / HTTP/1.1\r\nHost: [FD00::1]:80\r\n\r\n', { host: 'fd00::1' }],
    ['the first of two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', { host: 'a' }],
    ['a folded field', 'GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n', { host: 'a' }],
    ['CONNECT', 'CONNECT a.b:443 HTTP/1.1\r\n\r\n', { host: 'a.b', body: 'tunnel' }],
    ['a wish to upgrade', 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n', { body: 0 }],
    ['a length', 'POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\n', { body: 12 }],
    [
      'chunks over a length',
      'POST / HTTP/1.1\r\nContent-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n',
      { body: 'chunked' },
    ],
  ];
  for (const [what, text, wish] of heads)
    it(`readHttpRequest() takes ${what}`, () => {
      expect(read(text)).to.include(wish);
    });

  const spellings: readonly (readonly [string, string, boolean])[] = [
    ['as browsers do', 'POST /a HTTP/1.0\r\nA: b\r\nHost: a\r\nC: d e\r\n\r\n', true],
    ['a method in small letters', 'get / HTTP/1.1\r\nHost: a\r\n\r\n', false],
    ['a line before it', '\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n', false],
    ['two spaces', 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n', false],
    ['another version', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n', false],
    ['bare line feeds', 'GET / HTTP/1.1\r\nHost: a\nB: c\r\n\r\n', false],
    ['its host in another case', 'GET / HTTP/1.1\r\nhost: a\r\n\r\n', false],
    ['its host without a space', 'GET / HTTP/1.1\r\nHost:a\r\n\r\n', false],
    ['its host with two spaces', 'GET / HTTP/1.1\r\nHost:  a\r\n\r\n', false],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', false],
    ['no host', 'GET / HTTP/1.1\r\nA: b\r\n\r\n', false],
  ];
  for (const [what, text, canonical] of spellings)
    it(`readHttpRequest() calls a request that spells ${what} ${canonical ? '' : 'not '}canonical`, () => {
      expect(read(text)).to.include({ canonical });
    });

  it('readHttpRequest() keeps header lines as spelled', () => {
    const text = '\r\nGET / HTTP/1.0\nhOsT:  a.b \r\nX-A :\r\n folded\n\n';
    expect(read(text)).to.deep.include({
      headers: ['hOsT:  a.b ', 'X-A :', ' folded'],
      version: '1.0',
      text: text.slice(2),
    });
    expect(read('GET / HTTP/1.0\n\n')).to.deep.include({ headers: [] });
  });

  const others: readonly (readonly [string, string])[] = [
    ['TLS', '\x16\x03\x01'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['SMTP', 'EHLO a.b\r\n'],
    ['an endless method', 'A'.repeat(25)],
    ['an endless line', `GET /${'a'.repeat(40_000)}`],
  ];
  for (const [what, text] of others)
    it(`readHttpRequest() tells ${what}`, () => {
      expect(read(text)).to.equal('not-http');
    });

  it('readHttpRequest() never throws on random text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        read(text);
        read(`GET / HTTP/1.1\r\n${text}`);
        read(`${text} / HTTP/1.1\r\n${text}\r\n\r\n`);
      }),
    );
  });
});
