import { expect } from 'chai';
import { PostgresReader } from '../../../../src/roles/mirror/compare/postgres-reader.ts';
import type { ReadAnswer } from '../../../../src/roles/mirror/compare/reader.ts';
import { concatBytes } from '../../../../src/wire/bytes.ts';
import { buildMessage, buildStartup } from '../../../../src/wire/postgres.ts';

const text = (words: string): Uint8Array => Buffer.from(words, 'latin1');
const message = (letter: string, words: string): Uint8Array => buildMessage(letter, text(words));
const READY = message('Z', 'I');

function read(size: number, client: Uint8Array, server: Uint8Array) {
  const requests: string[] = [];
  const answers: ReadAnswer[] = [];
  const reader = new PostgresReader();
  const output = {
    request: (asked: string) => requests.push(asked),
    answer: (answer: ReadAnswer) => answers.push(answer),
  };
  for (let at = 0; at < client.length; at += size)
    reader.said(client.subarray(at, at + size), false, output);
  for (let at = 0; at < server.length; at += size) {
    const bytes = server.slice(at, at + size);
    reader.answered(bytes, bytes.length, output);
    bytes.fill(0xee);
  }
  return { requests, answers, reader };
}

const CLIENT = concatBytes(
  buildStartup({ user: 'anna' }),
  message('p', 'a proof\0'),
  message('Q', 'SELECT a\nFROM b\0'),
  message('P', 'name\0SELECT $1\0\0\0'),
  message('B', '\0'),
  message('S', ''),
);
const SERVER = concatBytes(
  buildMessage('R', new Uint8Array(4)),
  message('S', 'server_version\u000015\0'),
  READY,
  message('T', 'a'),
  message('D', 'row'),
  message('C', 'SELECT 1\0'),
  READY,
  message('1', ''),
  message('E', 'SERROR\0C22P02\0\0'),
  READY,
);

describe('roles/mirror/compare/postgres-reader', () => {
  for (const size of [1, 7, 10_000])
    it(`reads requests and their answers in pieces of ${size}, and no authentication`, () => {
      const { requests, answers, reader } = read(size, CLIENT, SERVER);
      expect(requests).to.deep.equal(['SELECT a', 'SELECT $1']);
      expect(answers.map(({ status }) => status)).to.deep.equal(['SELECT 1', '22P02']);
      expect(answers[0]?.content?.beginning).to.deep.equal(
        new Uint8Array(concatBytes(message('T', 'a'), message('D', 'row'))),
      );
      expect(reader.fault).to.equal(null);
    });

  it('tells answers apart by their rows, and not by what the servers say of themselves', () => {
    const answer = (rows: string, version: string) =>
      read(
        10_000,
        concatBytes(buildStartup({ user: 'anna' }), message('Q', 'q\0')),
        concatBytes(READY, message('S', version), message('D', rows), message('C', 'X\0'), READY),
      ).answers[0];
    expect(answer('row', 'a')?.content).to.deep.equal(answer('row', 'b')?.content);
    expect(answer('row', 'a')?.content).to.not.deep.equal(answer('raw', 'a')?.content);
  });

  it('says why it cannot read', () => {
    const encrypted = read(100, Buffer.from('0000000804d2162f', 'hex'), text('S'));
    expect(encrypted.reader.fault).to.equal('The session is encrypted');
    const reader = new PostgresReader();
    reader.answered(null, 9, { request: () => undefined, answer: () => undefined });
    expect(reader.fault).to.equal('9 bytes of an answer are not known');
  });
});
