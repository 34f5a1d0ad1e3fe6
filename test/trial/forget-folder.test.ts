import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import type { LiveLab } from '../../src/lab/list.ts';
import { expect } from 'chai';
import { folderToForget } from '../../src/trial/forget-folder.ts';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

const RUN = '2026-11-20T21-04-11Z-3f9a1c';

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
      engine: '',
      machines: [],
      nodes: [],
      descriptors: {},
    };
    await (
      await folderToForget(lab)
    )();
    return !existsSync(lab.directory);
  };

  it('removes the folder of a lab without a run', async () => {
    mkdirSync(join(parent, `.${RUN}.lab`, 'logs'), { recursive: true });
    expect(await forget(`.${RUN}.lab`)).to.equal(true);
  });

  it('removes the link of a kept run, and leaves its results', async () => {
    mkdirSync(join(parent, RUN));
    symlinkSync(RUN, join(parent, `.${RUN}.partial`));
    expect(await forget(`.${RUN}.partial`)).to.equal(true);
    expect(existsSync(join(parent, RUN))).to.equal(true);
  });

  it('leaves the folder of a run under way, and whatever else is there', async () => {
    for (const name of [`.${RUN}.partial`, 'mine', 'mine.lab', '.mine.lab']) {
      mkdirSync(join(parent, name));
      expect(await forget(name), name).to.equal(false);
    }
  });

  for (const [name, target] of [
    ['mine', RUN],
    [`.${RUN}.partial`, 'elsewhere'],
    [`.${RUN}.lab`, RUN],
  ] as const)
    it(`leaves a link "${name}" to "${target}", which no run of ours has made`, async () => {
      for (const folder of [RUN, 'elsewhere']) mkdirSync(join(parent, folder));
      symlinkSync(target, join(parent, name));
      expect(await forget(name)).to.equal(false);
    });

  it('does nothing when there is none', async () => {
    expect(await forget(`.${RUN}.lab`)).to.equal(true);
  });
});
