import { expect } from 'chai';
import { TalkReader } from '../../../../src/agent/packet/intercept/talk-reader.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('agent/packet/intercept/talk-reader', () => {
  it('notes each request without its query and body, each status, and how much was said', () => {
    const lines: string[] = [];
    const reader = new TalkReader((line) => lines.push(line));
    reader.hearClient(bytes('POST /login?token=secret HTTP/1.1\r\nHost: Fine.example:44'));
    reader.hearClient(bytes('3\r\nContent-Length: 8\r\n\r\npassword'));
    reader.hearServer(bytes('HTTP/1.1 302 Found\r\nLocation: /in\r\n\r\n'));
    reader.hearClient(bytes('GET /in HTTP/1.1\r\nHost: fine.example\r\n\r\n'));
    reader.hearServer(bytes('HTTP/1.1 200 OK\r\n\r\n'));
    reader.hearServer(bytes('a body'));
    reader.end();
    reader.end();
    expect(lines).to.deep.equal([
      '> POST /login?… HTTP/1.1 of fine.example',
      '< 302',
      '> GET /in HTTP/1.1 of fine.example',
      '< 200',
      '128 bytes of the client, 62 of the server',
    ]);
  });

  it('counts what is no HTTP/1', () => {
    const lines: string[] = [];
    const reader = new TalkReader((line) => lines.push(line));
    reader.hearClient(bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
    reader.hearClient(Uint8Array.of(0, 1, 2, 3));
    reader.hearServer(Uint8Array.of(1));
    reader.end();
    expect(lines).to.deep.equal(['28 bytes of the client, 1 of the server']);
  });
});
