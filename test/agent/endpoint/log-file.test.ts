import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { logLine, openLog } from '../../../src/agent/endpoint/log-file.ts';

describe('agent/endpoint openLog()', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-file-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes everything before close() resolves, and appends when opened again', async () => {
    for (const text of ['one\n', 'two\n']) {
      const log = openLog(folder, 'client', 'flow');
      log.write(text);
      await log.close();
    }
    expect(readFileSync(join(folder, 'client.flow.log'), 'utf8')).to.equal('one\ntwo\n');
  });

  it('keeps any name inside its folder', async () => {
    await openLog(folder, '..', '/../../etc/x y').close();
    expect(readdirSync(folder)).to.deep.equal(['..._.._.._etc_x_y.log']);
  });

  it('does not fail where the log cannot be written', async () => {
    const log = openLog(join(folder, 'missing'), 'client', 'flow');
    log.write('lost');
    await log.drained();
    await log.close();
    expect(log.write('lost')).to.equal(true);
  });

  it('cuts a log that is too long', async () => {
    const log = openLog(folder, 'client', 'flow');
    const block = Buffer.alloc(1 << 20, 'x');
    for (let count = 0; count < 70; count += 1) if (!log.write(block)) await log.drained();
    await log.close();
    const written = readFileSync(join(folder, 'client.flow.log'), 'latin1');
    expect(written.length).to.be.below(65 << 20);
    expect(written.endsWith('(The log is cut here, at 67108864 bytes)\n')).to.equal(true);
  });

  it('logLine() puts the time before a line', async () => {
    const log = openLog(folder, 'client', 'flow');
    logLine(log, 'words');
    await log.close();
    expect(readFileSync(join(folder, 'client.flow.log'), 'utf8')).to.match(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z words\n$/,
    );
  });
});
