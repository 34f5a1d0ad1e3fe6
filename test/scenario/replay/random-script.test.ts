import { expect } from 'chai';
import { captureScript } from '../../../src/scenario/replay/capture-script.ts';
import { randomScript } from '../../../src/scenario/replay/random-script.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { captureOf, handshake, linesOf, segment, text, valueOf } from './made-capture.ts';

const CAPTURE = captureOf([
  ...handshake(0),
  segment(3, 'client', { sequence: 1, payload: text('hello') }),
  segment(4, 'client', { flags: TCP_FLAG.FIN | TCP_FLAG.ACK, sequence: 6 }),
]);

describe('randomScript()', () => {
  it('puts random bytes in place of what was sent, and leaves all else', () => {
    const script = valueOf(captureScript(CAPTURE, { level: 'payload', flows: [], fill: false }));
    expect(linesOf(randomScript(script))).to.deep.equal([
      '3 client send random 5',
      '4 client close fin',
    ]);
  });

  it('leaves whole packets and empty segments', () => {
    for (const level of ['packet', 'raw'] as const) {
      const script = valueOf(captureScript(CAPTURE, { level, flows: [], fill: false }));
      const steps = randomScript(script).conversations[0]?.steps;
      expect(steps?.slice(0, 3)).to.deep.equal(script.conversations[0]?.steps.slice(0, 3));
    }
  });
});
