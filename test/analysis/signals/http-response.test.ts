import { expect } from 'chai';
import { indexCapture, endpointOf } from '../../../src/analysis/capture-index.ts';
import type { SeenPacket } from '../../../src/analysis/seen-packet.ts';
import { pageKey, readResponse } from '../../../src/analysis/signals/http-response.ts';
import { Tape } from '../support/tape.ts';

/** The payload as a capture has it. */
function packetOf(payload: string): SeenPacket {
  const tape = new Tape({ captured: ['client.inside'], destinationPort: 80 });
  tape.pass(0, { forward: false, payload });
  const [file] = tape.captures();
  const index = indexCapture(file!);
  const initiator = endpointOf('10.10.1.1', 40_000);
  const [packet] = index.packets(index.conversations[0]!, initiator!, { from: 0, to: Infinity });
  return packet!;
}

describe('readResponse()', () => {
  it('reads status, fields and what there is of the body', () => {
    const read = readResponse(packetOf('HTTP/1.1 403 No\r\nServer: x\r\nVia:y\r\n\r\nbody'));
    expect(read?.status).to.equal(403);
    expect([...read!.fields]).to.deep.equal([
      ['server', 'x'],
      ['via', 'y'],
    ]);
    expect(read?.body).to.equal('body');
  });

  for (const text of [
    'GET / HTTP/1.1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nServer: x\r\n',
    'HTTP/1.1 OK\r\n\r\n',
  ])
    it(`does not read ${JSON.stringify(text)}`, () => {
      expect(readResponse(packetOf(text))).to.equal(null);
    });
});

describe('pageKey()', () => {
  const key = (head: string): string =>
    pageKey(readResponse(packetOf(`HTTP/1.1 200 OK\r\n${head}\r\n\r\nbody`))!);

  it('takes pages of different moments and orders of fields for one', () => {
    expect(key('Date: today\r\nServer: x\r\nA: b')).to.equal(key('A: b\r\nServer: x'));
  });

  it('tells servers apart', () => {
    expect(key('Server: x')).not.to.equal(key('Server: y'));
  });
});
