import { expect } from 'chai';
import type { Side } from '../../../../src/wire/protocol/contract.ts';
import { HttpFramer } from '../../../../src/wire/protocol/frame/http-framer.ts';
import { fromLatin1, latin1 } from '../../../../src/wire/bytes.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const HEAD = 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n';
const CONNECT = 'CONNECT x:443 HTTP/1.1\r\n\r\n';

interface Framed {
  readonly messages: readonly string[];
  readonly rest: string;
  readonly fault: string | null;
}

/** All at once and byte by byte, which must come to the same. */
function framed(side: Side, text: string, requests = '', limit = 4096): Framed {
  const whole = outcome(side, [text], requests, limit);
  expect(outcome(side, text.match(/./gs) ?? [], requests, limit)).to.deep.equal(whole);
  return whole;
}

function outcome(side: Side, pieces: readonly string[], requests: string, limit: number): Framed {
  const twin = new HttpFramer('client', 4096, undefined);
  twin.push(fromLatin1(requests));
  while (twin.next() !== null);
  const framer = new HttpFramer(side, limit, side === 'server' ? twin : undefined);
  const messages: string[] = [];
  for (const piece of pieces) {
    framer.push(fromLatin1(piece));
    for (let next = framer.next(); next !== null; next = framer.next())
      messages.push(latin1(next, 0, next.length));
  }
  const { fault } = framer;
  const rest = framer.rest();
  expect(framer.waiting).to.equal(0);
  return { messages, rest: latin1(rest, 0, rest.length), fault };
}

describe('HttpFramer', () => {
  const response = (head: string, body = ''): string => `HTTP/1.1 ${head}\r\n\r\n${body}`;
  const CASES: readonly (readonly [string, Side, string, readonly string[]])[] = [
    ['requests without a body', 'client', '', [GET, GET]],
    [
      'a length, in any case and with blanks',
      'client',
      '',
      ['POST / HTTP/1.1\r\ncontent-LENGTH: \t 3\r\n\r\nabc', GET],
    ],
    [
      'lengths that are one',
      'client',
      '',
      ['POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3, 3\r\n\r\nabc', GET],
    ],
    [
      'chunks, their extensions and trailers',
      'client',
      '',
      [
        'POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=1\r\nabc\r\n0A\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
        GET,
      ],
    ],
    [
      'chunks rather than a length',
      'server',
      GET,
      [response('200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: gzip, chunked', '0\r\n\r\n')],
    ],
    ['lines that end with LF alone', 'client', '', ['GET / HTTP/1.1\nHost: x\n\n', GET]],
    ['an empty line before a request', 'client', '', ['\r\n', GET]],
    [
      'an answer to HEAD',
      'server',
      HEAD + GET,
      [response('200 OK\r\nContent-Length: 9'), response('200 OK\r\nContent-Length: 1', 'x')],
    ],
    [
      'interim answers',
      'server',
      HEAD,
      [
        response('100 Continue'),
        response('103 Early Hints'),
        response('200 OK\r\nContent-Length: 9'),
      ],
    ],
    [
      '204',
      'server',
      GET + GET,
      [
        response('204 No Content\r\nContent-Length: 9'),
        response('304 Not Modified\r\nContent-Length: 9'),
      ],
    ],
    [
      'an answer to CONNECT that is refused',
      'server',
      CONNECT,
      [response('403 No\r\nContent-Length: 2', 'no')],
    ],
  ];
  for (const [what, side, requests, messages] of CASES)
    it(`frames ${what}`, () => {
      expect(framed(side, messages.join(''), requests)).to.deep.equal({
        messages,
        rest: '',
        fault: null,
      });
    });

  it('keeps a body that ends with the stream until then', () => {
    const text = response('200 OK', 'until the end');
    expect(framed('server', text, GET)).to.deep.equal({ messages: [], rest: text, fault: null });
    const encoded = response('200 OK\r\nTransfer-Encoding: gzip', 'x');
    expect(framed('server', encoded, GET).rest).to.equal(encoded);
  });

  it('frames nothing behind a change of protocol', () => {
    const head = response('101 Switching Protocols\r\nUpgrade: x');
    const { messages, rest, fault } = framed('server', `${head}bytes`, GET);
    expect([messages, rest]).to.deep.equal([[head], 'bytes']);
    expect(fault).to.equal('The connection carries HTTP no longer');
    expect(framed('server', `${response('200 OK')}tls`, CONNECT).rest).to.equal('tls');
  });

  const FAULTS: readonly (readonly [string, Side, string, string])[] = [
    ['no request', 'client', 'SSH-2.0-x\r\n', 'Expected HTTP/1.1, found "SSH-2.0-x"'],
    ['no response', 'server', 'HTTP/2 200\r\n', 'Expected HTTP/1.1, found "HTTP/2 200"'],
    [
      'a length that is none',
      'client',
      'POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\n',
      'The length of the body is no number: "+3"',
    ],
    [
      'lengths that differ',
      'client',
      'POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n',
      'The length of the body is no number: "3,4"',
    ],
    [
      'a request whose end is not said',
      'client',
      'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n',
      'The request has a body in an encoding that does not say its end',
    ],
    [
      'a chunk without a size',
      'client',
      'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
      'Expected the size of a chunk, found "xyz"',
    ],
    [
      'a body beyond the limit',
      'client',
      'POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n',
      'A message is longer than 4096 bytes',
    ],
  ];
  for (const [what, side, text, fault] of FAULTS)
    it(`refuses ${what}`, () => {
      const found = framed(side, text, GET);
      expect(found.fault).to.equal(fault);
      expect(found.rest).to.equal(text);
    });

  it('refuses heads and chunked bodies beyond the limit', () => {
    expect(framed('client', `GET /${'x'.repeat(5000)}`).fault).to.match(/longer than 4096/);
    const chunked = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(
      framed('client', chunked + '800\r\n' + 'x'.repeat(0x800) + '\r\n900\r\n').fault,
    ).to.equal('A message is longer than 4096 bytes');
  });
});
