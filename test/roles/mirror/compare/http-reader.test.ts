import { expect } from 'chai';
import { HttpReader } from '../../../../src/roles/mirror/compare/http-reader.ts';
import type { ReadAnswer } from '../../../../src/roles/mirror/compare/reader.ts';

const text = (words: string): Uint8Array => Buffer.from(words, 'latin1');

function read(size: number, client: string, server: string) {
  const requests: string[] = [];
  const answers: ReadAnswer[] = [];
  const reader = new HttpReader();
  const output = {
    request: (asked: string) => requests.push(asked),
    answer: (answer: ReadAnswer) => answers.push(answer),
  };
  for (let at = 0; at < client.length; at += size)
    reader.said(text(client.slice(at, at + size)), false, output);
  for (let at = 0; at < server.length; at += size) {
    const bytes = text(server.slice(at, at + size));
    reader.answered(bytes, bytes.length, output);
  }
  reader.ended(output);
  return { requests, answers, reader };
}

const body = (answer: ReadAnswer | undefined): string =>
  Buffer.from(answer?.content?.beginning ?? new Uint8Array(0)).toString('latin1');

describe('roles/mirror/compare/http-reader', () => {
  for (const size of [1, 13, 10_000])
    it(`reads requests and final answers in pieces of ${size}`, () => {
      const { requests, answers } = read(
        size,
        'POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc\r\nHEAD /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n',
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nA: 1\r\nContent-Length: 2\r\n\r\nok' +
          'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n' +
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n',
      );
      expect(requests).to.deep.equal(['POST /a HTTP/1.1', 'HEAD /b HTTP/1.1', 'GET /c HTTP/1.1']);
      expect(answers.map(({ status }) => status)).to.deep.equal(['201', '200', '200']);
      expect(answers[0]?.headers).to.deep.equal([
        ['a', '1'],
        ['content-length', '2'],
      ]);
      expect(answers.map(body)).to.deep.equal(['ok', '', '3\r\nxyz\r\n0\r\n\r\n']);
    });

  it('takes all to the end of the connection for an answer that does not say how long it is', () => {
    const { answers } = read(
      9,
      'GET / HTTP/1.1\r\n\r\n',
      'HTTP/1.1 200 OK\r\nA: b\r\n\r\nto the end',
    );
    expect(answers.map(body)).to.deep.equal(['to the end']);
  });

  it('says why it cannot read', () => {
    expect(read(99, 'GET / HTTP/1.1\r\n\r\n', 'nothing\r\n').reader.fault).to.include('HTTP/1.1');
    expect(read(99, '\x16\x03\x01 TLS\n', '').reader.fault).to.include('HTTP/1.1');
    const reader = new HttpReader();
    reader.answered(null, 9, { request: () => undefined, answer: () => undefined });
    expect(reader.fault).to.equal('9 bytes of an answer are not known');
  });
});
