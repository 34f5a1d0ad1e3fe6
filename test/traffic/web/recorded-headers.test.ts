import { expect } from 'chai';
import { recordedCoding, recordedHeaders } from '../../../src/traffic/web/recorded-headers.ts';

describe('recordedHeaders()', () => {
  it('keeps what is of the answer, and several of one name', () => {
    const headers = recordedHeaders([
      ['Content-Type', 'text/html'],
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['X-Latin', 'caf\u00e9'],
    ]);
    expect(headers).to.deep.equal([
      ['Content-Type', ['text/html']],
      ['Set-Cookie', ['a=1', 'b=2']],
      ['X-Latin', ['caf\u00e9']],
    ]);
  });

  it('keeps the first of those that HTTP/2 takes one value of', () => {
    const twice = ['nosniff', 'none'].map((value) => ['X-Content-Type-Options', value] as const);
    expect(recordedHeaders(twice)).to.deep.equal([['X-Content-Type-Options', ['nosniff']]]);
  });

  it('leaves out what is of the connection, of the body as it was, and what HTTP does not allow', () => {
    const headers = recordedHeaders([
      ...['Connection', 'Transfer-Encoding', 'Content-Length', 'content-encoding', 'Alt-Svc'].map(
        (name) => [name, 'x'] as const,
      ),
      [':status', '200'],
      ['Bad Name', 'x'],
      ['X-Split', 'a\r\nb: c'],
      ['X-Euro', '\u20ac'],
      ['', 'x'],
    ]);
    expect(headers).to.deep.equal([]);
  });
});

const CODINGS: readonly (readonly [recorded: string, accepted: string, coding: string | null])[] = [
  ['gzip', 'gzip, deflate, br', 'gzip'],
  ['br', 'gzip;q=0.5, br;q=1.0', 'br'],
  ['GZIP', '*', 'gzip'],
  ['br', 'gzip', null],
  ['br', 'br;q=0, gzip', null],
  ['br', 'br; q=0.000', null],
  ['zstd', 'zstd', null],
  ['gzip', '', null],
];

describe('recordedCoding()', () => {
  for (const [recorded, accepted, coding] of CODINGS)
    it(`is ${coding ?? 'none'} of "${recorded}" where "${accepted}" is accepted`, () => {
      expect(recordedCoding([['Content-Encoding', recorded]], accepted)).to.equal(coding);
    });

  it('is none where none was recorded', () => {
    expect(recordedCoding([['Content-Type', 'text/html']], 'gzip')).to.equal(null);
  });
});
