import { expect } from 'chai';
import fc from 'fast-check';
import { createHttpResponseReader } from '../../src/traffic/http-response.ts';
import type { HttpResponseReader } from '../../src/traffic/http-response.ts';

interface Reading {
  readonly status: number | undefined;
  readonly complete: boolean;
  readonly body: string;
  readonly fault: string | undefined;
}

/** Reads `text` cut at the places of `cuts`; `closed` says whether the stream ended after it. */
function read(text: string, cuts: readonly number[], closed: boolean, method = 'GET'): Reading {
  const reader: HttpResponseReader = createHttpResponseReader(method);
  const bytes = Buffer.from(text, 'latin1');
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  places.slice(1).forEach((end, index) => reader.push(bytes.subarray(places[index], end)));
  if (closed) reader.end();
  const { status, complete, bodyStart: body, fault } = reader;
  return { status, complete, body, fault };
}

const page = (status: number, body: string, complete = true): Reading => ({
  status,
  complete,
  body,
  fault: undefined,
});

const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3;x=y\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nTrailer: 1\r\n\r\n';

describe('traffic/http-response createHttpResponseReader()', () => {
  const cases: readonly [string, string, boolean, Reading, string?][] = [
    [
      'counts Content-Length',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhixx',
      false,
      page(200, 'hi'),
    ],
    [
      'takes equal repeated lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nhi',
      false,
      page(200, 'hi'),
    ],
    [
      'misses the rest of a short body',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi',
      true,
      page(200, 'hi', false),
    ],
    [
      'reads to the end of the stream',
      'HTTP/1.0 403 Forbidden\n\nblocked',
      true,
      page(403, 'blocked'),
    ],
    [
      'waits for the end of the stream',
      'HTTP/1.0 403 Forbidden\r\n\r\nblocked',
      false,
      page(403, 'blocked', false),
    ],
    ['reads chunks', CHUNKED, false, page(200, 'abc0123456789abcdef')],
    ['misses the last chunk', CHUNKED.slice(0, -4), true, page(200, 'abc0123456789abcdef', false)],
    [
      'skips interim responses',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
      false,
      page(204, ''),
    ],
    [
      'expects no body after HEAD',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n',
      false,
      page(200, ''),
      'HEAD',
    ],
    [
      'expects no body with 304',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n',
      false,
      page(304, ''),
    ],
  ];
  for (const [title, text, closed, wished, method] of cases)
    it(`${title}, wherever the stream is cut`, () => {
      fc.assert(
        fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
          expect(read(text, cuts, closed, method)).to.deep.equal(wished);
        }),
      );
    });

  const faults: readonly [string, string, RegExp][] = [
    ['something else than HTTP', 'SSH-2.0-OpenSSH\r\n', /does not begin with "HTTP\/1\."/],
    ['a status that is no number', 'HTTP/1.1 abc\r\n\r\n', /status line is malformed/],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n', /header line is malformed/],
    [
      'a length that is no number',
      'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
      /Content-Length/,
    ],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      /Content-Length/,
    ],
    [
      'a chunk size that is no number',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
      /chunk size/,
    ],
    [
      'a chunk that is too long',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n',
      /longer than its size/,
    ],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'x'.repeat(70_000)}`, /longer than 65536/],
    [
      'a chunk line without end',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'0'.repeat(9000)}`,
      /chunk line/,
    ],
  ];
  for (const [title, text, wished] of faults)
    it(`refuses ${title}`, () => {
      const found = read(text, [], true);
      expect(found.fault).to.match(wished);
      expect(found.complete).to.equal(false);
    });

  it('keeps the beginning of a long body only', () => {
    const found = read(`HTTP/1.1 200 OK\r\n\r\n${'y'.repeat(100_000)}`, [], true);
    expect(found).to.deep.equal(page(200, 'y'.repeat(1024)));
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (pieces) => {
        const reader = createHttpResponseReader('GET');
        for (const piece of pieces) reader.push(piece);
        reader.end();
        expect(reader.bodyStart).to.be.a('string');
      }),
    );
  });
});
