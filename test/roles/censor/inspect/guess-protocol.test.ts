import { expect } from 'chai';
import fc from 'fast-check';
import {
  type GuessedProtocol,
  guessProtocol,
} from '../../../../src/roles/censor/inspect/guess-protocol.ts';
import { concatBytes } from '../../../../src/wire/bytes.ts';
import { buildDnsAnswer, parseDns } from '../../../../src/wire/dns.ts';
import { hex, realInitial } from '../../../wire/quic/initials.ts';
import { hello, query, request, text } from '../playbook.ts';

/** In the middle of other memory. */
const guess = (bytes: Uint8Array, isUdp: boolean): GuessedProtocol =>
  guessProtocol(Uint8Array.from([0x16, ...bytes, 0x16]), 1, 1 + bytes.length, isUdp);

const prefixed = (message: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(message.length >>> 8, message.length), message);

function answer(): Uint8Array {
  const asked = parseDns(query('blocked.example'));
  if (!asked.ok) throw new Error(asked.error);
  const built = buildDnsAnswer(asked.value, {
    ...{ rcode: 'NXDOMAIN', authoritative: false, recursionAvailable: true, answers: [] },
  });
  if (!built.ok) throw new Error(built.error);
  return built.value;
}

const CASES: readonly (readonly [string, Uint8Array, boolean, GuessedProtocol])[] = [
  ['a ClientHello', hello('blocked.example'), false, 'tls'],
  ['the start of one', hello('blocked.example').subarray(0, 5), false, 'tls'],
  ['application data', hex('170303 0100 ffff'), false, 'tls'],
  ['four bytes of TLS', hex('16030100'), false, 'unknown'],
  ['a record of a version that is not there', hex('160309 0100'), false, 'unknown'],
  ['a record of another protocol', hex('160203 0100'), false, 'unknown'],
  ['TLS in a datagram', hello('blocked.example'), true, 'unknown'],
  ['a request', request('blocked.example'), false, 'http'],
  ['the start of one', text('PUT '), false, 'http'],
  ['a method in small letters', text('get / HTTP/1.1\r\n'), false, 'unknown'],
  ['a method of one server', text('FROB / HTTP/1.1\r\n'), false, 'unknown'],
  ['a status line', text('HTTP/1.0 200 OK\r\n'), false, 'http'],
  ['an SSH client', text('SSH-2.0-x\r\n'), false, 'ssh'],
  ['a DNS query', query('blocked.example'), true, 'dns'],
  ['a DNS answer', answer(), true, 'dns'],
  ['a DNS query with its length', prefixed(query('blocked.example')), false, 'dns'],
  ['half of one', prefixed(query('blocked.example')).subarray(0, 20), false, 'unknown'],
  ['a DNS query cut off', query('blocked.example').subarray(0, 20), true, 'unknown'],
  ['a DNS update', query('blocked.example').fill(0x28, 2, 3), true, 'unknown'],
  ['a QUIC Initial', realInitial(), true, 'quic'],
  ['QUIC over TCP', realInitial(), false, 'unknown'],
  ['nothing', hex(''), false, 'unknown'],
  ['nothing in a datagram', hex(''), true, 'unknown'],
];

describe('roles/censor/guess-protocol', () => {
  for (const [what, bytes, isUdp, wish] of CASES)
    it(`guessProtocol() calls ${what} ${wish}`, () => {
      expect(guess(bytes, isUdp)).to.equal(wish);
    });

  it('guessProtocol() never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, isUdp) => {
        guess(bytes, isUdp);
        guess(concatBytes(query('a').subarray(0, 12), bytes), isUdp);
      }),
    );
  });
});
