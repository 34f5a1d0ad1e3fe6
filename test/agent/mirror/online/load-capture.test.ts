import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadCapture } from '../../../../src/agent/mirror/online/load-capture.ts';
import { Fault } from '../../../../src/base/fault.ts';
import { recordedSession } from '../recorded-session.ts';

describe('loadCapture()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'capture-'));
  const path = join(folder, 'clients.pcap');
  const whole = recordedSession({ client: '10.190.7.7', online: '10.190.0.1', port: 9999 });
  after(() => rmSync(folder, { recursive: true }));

  it('gives the packets of a file', () => {
    writeFileSync(path, whole);
    expect(loadCapture(path)).to.have.length(12);
  });

  for (const [what, bytes, reason] of [
    ['is no capture', Buffer.from('no capture at all, but text'), 'cannot be played: Expected'],
    ['is cut off', whole.subarray(0, -5), 'cannot be played whole: The file is cut off'],
  ] as const)
    it(`refuses one that ${what}`, () => {
      writeFileSync(path, bytes);
      expect(() => loadCapture(path)).to.throw(Fault, reason);
    });

  it('names one that is not there', () =>
    expect(() => loadCapture(join(folder, 'none'))).to.throw(Fault, 'cannot be read: ENOENT'));
});
