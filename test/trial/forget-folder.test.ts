import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import type { LiveLab } from '../../src/lab/list.ts';
import { expect } from 'chai';
import { folderToForget } from '../../src/trial/forget-folder.ts';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

describe('folderToForget()', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'forget-'));
  });
  afterEach(() => rmSync(parent, { recursive: true }));
  const forget = async (name: string): Promise<boolean> => {
    const lab: LiveLab = {
      id: 'ab12cd34',
      scenario: 'censor',
      agentPid: process.pid,
      holderPid: process.pid,
      holderStart: 0,
      started: '',
      directory: join(parent, name),
      state: 'kept',
      containers: {},
      nodes: [],
      descriptors: {},
    };
    await (
      await folderToForget(lab)
    )();
    return !existsSync(lab.directory);
  };

  it('removes the folder of a lab without a run', async () => {
    mkdirSync(join(parent, '.2026.lab', 'logs'), { recursive: true });
    expect(await forget('.2026.lab')).to.equal(true);
  });

  it('removes the link of a kept run, and leaves its results', async () => {
    mkdirSync(join(parent, '2026'));
    symlinkSync('2026', join(parent, '.2026.partial'));
    expect(await forget('.2026.partial')).to.equal(true);
    expect(existsSync(join(parent, '2026'))).to.equal(true);
  });

  it('leaves the folder of a run under way, and whatever else is there', async () => {
    for (const name of ['.2026.partial', 'mine', 'mine.lab']) {
      mkdirSync(join(parent, name));
      expect(await forget(name), name).to.equal(false);
    }
  });

  it('does nothing when there is none', async () => {
    expect(await forget('.gone.lab')).to.equal(true);
  });
});
