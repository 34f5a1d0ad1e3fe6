import { expect } from 'chai';
import { concatBytes } from '../../src/wire/bytes.ts';
import {
  PostgresFramer,
  buildMessage,
  buildPasswordMessage,
  buildSaslInitial,
  buildStartup,
  readAuthentication,
  readCommandTag,
  readErrorFields,
  readStartup,
} from '../../src/wire/postgres.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replace(/\s/g, ''), 'hex');
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const SSL_REQUEST = hex('00000008 04d2162f');
/** `SELECT 1`, as psql sends it. */
const QUERY = hex('51 0000000d 53454c454354203100');

/** The types of what a framer finds, however the stream is cut. */
function typesOf(framer: PostgresFramer, stream: Uint8Array, size: number): string[] {
  const found: string[] = [];
  for (let at = 0; at < stream.length; at += size) {
    framer.push(stream.subarray(at, at + size));
    for (let one = framer.next(); one !== null; one = framer.next())
      found.push(
        `${framer.type.kind === 'letter' ? framer.type.letter : framer.type.kind} ${one.length}`,
      );
  }
  return found;
}

describe('wire/postgres', () => {
  for (const size of [1, 3, 1000])
    it(`PostgresFramer tells a client's messages apart that come in pieces of ${size}`, () => {
      const startup = buildStartup({ user: 'anna', database: 'shop' });
      const framer = new PostgresFramer('client');
      const stream = concatBytes(SSL_REQUEST, startup, QUERY, QUERY);
      expect(typesOf(framer, stream, size)).to.deep.equal([
        'ssl-request 8',
        `startup ${startup.length}`,
        'Q 14',
        'Q 14',
      ]);
      expect(framer.fault).to.equal(null);
    });

  it('PostgresFramer knows the one byte that answers a request for encryption', () => {
    const framer = new PostgresFramer('server');
    framer.awaitReply();
    const ready = buildMessage('Z', latin1('I'));
    expect(typesOf(framer, concatBytes(latin1('N'), ready), 2)).to.deep.equal([
      'encryption-reply 1',
      'Z 6',
    ]);
  });

  it('PostgresFramer refuses what is none of PostgreSQL', () => {
    const tls = new PostgresFramer('client');
    expect(typesOf(tls, hex('1603010200010001fc0303'), 99)).to.deep.equal([]);
    expect(tls.fault).to.include('speaks neither PostgreSQL 3');
    const short = new PostgresFramer('server');
    expect(typesOf(short, hex('5a 00000001'), 99)).to.deep.equal([]);
    expect(short.fault).to.include('A message of 1 bytes');
  });

  it('buildStartup() is what readStartup() reads', () => {
    const startup = buildStartup({ user: 'anna', database: 'shop' });
    expect(Buffer.from(startup).toString('hex')).to.equal(
      '00000021000300007573657200616e6e61006461746162617365007368' + '6f700000',
    );
    expect([...readStartup(startup)]).to.deep.equal([
      ['user', 'anna'],
      ['database', 'shop'],
    ]);
  });

  it('readAuthentication() reads what servers want', () => {
    const request = (...parts: string[]): Uint8Array => buildMessage('R', hex(parts.join('')));
    expect(readAuthentication(request('00000000'))).to.deep.equal({ kind: 'ok' });
    expect(readAuthentication(request('00000003'))).to.deep.equal({ kind: 'cleartext' });
    const md5 = readAuthentication(request('00000005', '01020304'));
    expect(md5).to.deep.equal({ kind: 'md5', salt: Uint8Array.of(1, 2, 3, 4) });
    const names = Buffer.from('SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0').toString('hex');
    expect(readAuthentication(request('0000000a', names))).to.deep.equal({
      kind: 'sasl',
      mechanisms: ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'],
    });
    expect(readAuthentication(request('0000000b', '723d61'))).to.deep.equal({
      kind: 'sasl-continue',
      data: 'r=a',
    });
    expect(readAuthentication(request('00000007'))).to.deep.equal({ kind: 'other', code: 7 });
  });

  it('readErrorFields() and readCommandTag() read the outcome of a query', () => {
    const error = buildMessage('E', latin1('SERROR\0C42P01\0Mrelation "x" does not exist\0\0'));
    expect(readErrorFields(error).get('C')).to.equal('42P01');
    expect(readErrorFields(error).get('M')).to.equal('relation "x" does not exist');
    expect(readCommandTag(buildMessage('C', latin1('SELECT 3\0')))).to.equal('SELECT 3');
  });

  it('builds what a client proves itself by', () => {
    expect(Buffer.from(buildPasswordMessage(latin1('pw'))).toString('hex')).to.equal(
      '7000000007707700',
    );
    expect(Buffer.from(buildSaslInitial('M', latin1('n,,'))).toString('hex')).to.equal(
      '700000000d4d00000000036e2c2c',
    );
  });
});
