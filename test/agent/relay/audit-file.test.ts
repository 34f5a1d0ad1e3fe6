import { expect } from 'chai';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditFile } from '../../../src/agent/relay/audit-file.ts';

describe('agent/relay/audit-file', () => {
  it('has lines in the order in which they came, behind those that were there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'audit-'));
    try {
      const path = join(folder, 'audit.ndjson');
      for (const text of ['1\n', '2\n']) {
        const file = new AuditFile(path);
        await Promise.all([file.append(text), file.append('next\n')]);
        await file.close();
      }
      expect(await readFile(path, 'utf8')).to.equal('1\nnext\n2\nnext\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says of each piece that it could not be written, and closes all the same', async () => {
    const file = new AuditFile('/dev/full');
    const failed = await Promise.allSettled([file.append('1\n'), file.append('2\n')]);
    expect(failed.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    await file.close();
  });
});
