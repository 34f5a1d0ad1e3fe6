import { REPORT } from './fixture.ts';
import type { Report } from '../../src/report/report.ts';
import { expect } from 'chai';
import { fileSection } from '../../src/report/html-files.ts';

const linksOf = (report: Report): (string | undefined)[] =>
  Array.from(fileSection(report).matchAll(/href="([^"]*)"/g), ([, target]) => target);

describe('fileSection()', () => {
  it('links what a judged run leaves', () => {
    expect(linksOf(REPORT)).to.deep.equal([
      './run.json',
      './plan.json',
      './verdicts.json',
      './expectations.json',
      './ooni.jsonl',
      './events.ndjson',
      './captures/all.pcapng',
      './logs/',
    ]);
  });

  it('links no verdicts of a run that broke, and what the control arm left', () => {
    const { timings, impairments, links } = REPORT.manifest;
    const rest = {
      captures: [],
      machines: [],
      images: [],
      censors: [],
      proxies: [],
      tunnels: [],
      mirrors: [],
      containers: [],
    };
    const control = { timings, impairments, links, ...rest };
    const report: Report = {
      ...REPORT,
      manifest: { ...REPORT.manifest, status: 'broken', control },
    };
    expect(linksOf(report))
      .to.include.members(['./control/plan.json', './control/logs/'])
      .and.not.include.members(['./verdicts.json'])
      .and.not.include.members(['./control/captures/all.pcapng']);
  });
});
