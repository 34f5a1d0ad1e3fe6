import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { LogTail } from '../../../src/cli/logs/log-tail.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

describe('LogTail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-tail-'));
  const path = join(folder, 'middle.gate.log');
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('gives whole lines once, with the role before each', () => {
    writeFileSync(path, 'one\n\ntwo\nthr');
    const tail = new LogTail({ role: 'middle.gate', path });
    expect(tail.news()).to.equal('middle.gate | one\nmiddle.gate | \nmiddle.gate | two\n');
    expect(tail.news()).to.equal('');
    appendFileSync(path, 'ee\r\nfour');
    expect(tail.news()).to.equal('middle.gate | three\r\n');
    expect(tail.end()).to.equal('middle.gate | four\n');
  });

  it('reads characters whose bytes come apart', () => {
    const line = Buffer.from('1.5 µs\n');
    writeFileSync(path, line.subarray(0, 5));
    const tail = new LogTail({ role: 'gate', path });
    expect(tail.news()).to.equal('');
    appendFileSync(path, line.subarray(5));
    expect(tail.news()).to.equal('gate | 1.5 µs\n');
    expect(tail.end()).to.equal('');
  });

  it('reads on in a log that was removed, and one larger than it reads at once', () => {
    const text = `${'x'.repeat(99)}\n`.repeat(2000);
    writeFileSync(path, text);
    const tail = new LogTail({ role: 'gate', path });
    rmSync(path);
    expect(tail.end()).to.equal(text.replaceAll('x'.repeat(99), `gate | ${'x'.repeat(99)}`));
  });
});
