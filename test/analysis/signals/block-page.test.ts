import { expect } from 'chai';
import { EPOCH, Tape, type TapeOptions } from '../support/tape.ts';
import { signalsOf } from './signals-of.ts';

const PAGE = 'HTTP/1.1 451 Unavailable\r\nServer: censor\r\nContent-Length: 9\r\n\r\nblocked';
const SEEN = { probe: 'http', status: 451, end: EPOCH + 200_000 } as const;

/** A request, and a page that comes from the middle or from the server. */
function asked(from: 'middle.inside' | 'server.outside', ttl: number, options: TapeOptions): Tape {
  const tape = new Tape(options);
  tape.handshake();
  tape.pass(51, { forward: true, sequence: 1001, acknowledgment: 5001, payload: 'GET / HTTP/1.1' });
  tape.pass(60, { forward: false, sequence: 5001, acknowledgment: 1015 });
  const page = { forward: false, sequence: 5001, acknowledgment: 1015, payload: PAGE } as const;
  tape.pass(90, { ...page, flags: ['PSH', 'ACK', 'FIN'], ttl }, { from });
  return tape;
}

const CLIENT_ALONE: TapeOptions = { captured: ['client.inside'] };

describe('signalBlockPage()', () => {
  it('proves it by its absence at the server, and shows what is strange about it', () => {
    const [signal, ...others] = signalsOf(asked('middle.inside', 64, {}), 'block-page', SEEN);
    expect(others).to.deep.equal([]);
    expect(signal).to.include({ side: 'client', by: 'middle' });
    expect(signal!.detail).to.equal(
      'HTTP 451 of 7 bytes, Server "censor", Content-Length 9, in one segment with its FIN; no such packet left server',
    );
  });

  it('tells it by its TTL where only the client captures', () => {
    const tape = asked('middle.inside', 60, CLIENT_ALONE);
    const [signal] = signalsOf(tape, 'block-page', SEEN);
    expect(signal!.detail).to.match(
      /TTL 60 where 2 packets before it have 63; told by headers alone$/,
    );
  });

  for (const [name, tape] of [
    ['a page of the server, by all captures', asked('server.outside', 60, {})],
    ['a page like all packets of the server', asked('server.outside', 63, CLIENT_ALONE)],
  ] as const)
    it(`says nothing of ${name}`, () => {
      expect(signalsOf(tape, 'block-page', SEEN)).to.deep.equal([]);
    });
});
