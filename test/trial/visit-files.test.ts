import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/base/fault.ts';
import type { VisitRecord } from '../../src/model/visit.ts';
import { readFinishedVisits, writeCarried, writeVisit } from '../../src/trial/visit-files.ts';

const record = (visit: number, status: VisitRecord['status']): VisitRecord => ({
  ...{ flow: 'browse', visit, node: 'client', url: 'https://a.example/', site: 'a.example/' },
  ...{ repetition: visit, with: 'curl', status, failure: null, begin: visit * 10, end: null },
  ...{ loadTime: null, finalUrl: null, httpStatus: null, bytes: null, protocol: null },
  folder: `visits/browse/${visit}-a.example`,
});

describe('trial/visit-files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'visits-'));
    writeFileSync(join(folder, 'plan.json'), '{}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads what was finished, carried over or made, in the order of time', async () => {
    await writeCarried(folder, [record(1, 'carried')]);
    for (const one of [record(12, 'success'), record(2, 'success'), record(3, 'timeout')])
      await writeVisit(folder, one);
    const found = await readFinishedVisits(folder, 'main');
    expect(found.map(({ visit }) => visit)).to.deep.equal([1, 2, 12]);
  });

  it('takes what a killed run has half written for not made', async () => {
    await writeVisit(folder, record(1, 'success'));
    mkdirSync(join(folder, 'visits/browse/2-a.example'));
    writeFileSync(join(folder, 'visits/browse/2-a.example/visit.json'), '{"flow": "bro');
    expect(await readFinishedVisits(folder, 'main')).to.have.length(1);
  });

  it('looks for those of the arm without censors where they are', async () => {
    await writeVisit(join(folder, 'control'), record(1, 'success'));
    expect(await readFinishedVisits(folder, 'main')).to.deep.equal([]);
    expect(await readFinishedVisits(folder, 'control')).to.have.length(1);
  });

  it('refuses a folder that is none of a run', async () => {
    rmSync(join(folder, 'plan.json'));
    const refused = await readFinishedVisits(folder, 'main').catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Fault).with.property('kind', 'usage');
  });
});
