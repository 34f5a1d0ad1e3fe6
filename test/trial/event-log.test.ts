import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RunEvent } from '../../src/report/report.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { openEventLog } from '../../src/trial/event-log.ts';
import { tmpdir } from 'node:os';

const event = (time: number): RunEvent => ({
  kind: 'phase',
  time,
  arm: 'main',
  phase: 'up',
  state: 'begins',
});

describe('openEventLog()', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'events-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes one JSON object a line and keeps the first ones', async () => {
    const path = join(folder, 'events.ndjson');
    const log = openEventLog(path, 2);
    for (const time of [1, 2, 3]) log.write(event(time));
    await log.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).to.deep.equal([1, 2, 3].map(event));
    expect(log.first).to.deep.equal([event(1), event(2)]);
    expect(log.count).to.equal(3);
  });

  it('tells at the end what the disk refused', async () => {
    const log = openEventLog('/dev/full', 2);
    log.write(event(1));
    const error: unknown = await log.close().catch((thrown: unknown) => thrown);
    expect(error).to.include({ kind: 'machine' }).and.property('help').include('Free space');
  });
});
