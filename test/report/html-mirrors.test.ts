import { expect } from 'chai';
import { mirrorSection } from '../../src/report/html-mirrors.ts';
import type { Report } from '../../src/report/report.ts';
import { REPORT } from './fixture.ts';
import { COMPARISON, RECORD, STATISTICS } from './mirror-fixture.ts';

const withMirrors = (changes: Partial<Report['manifest']>): Report => ({
  ...REPORT,
  manifest: { ...REPORT.manifest, ...changes },
});

describe('mirrorSection()', () => {
  it('shows what was copied', () => {
    const html = mirrorSection(withMirrors({ mirrors: [RECORD] }), {});
    for (const text of [
      '<h2>Mirrors</h2>',
      '<td>web → copy</td><td>third</td><td class="number">22</td><td>2 not-sampled</td>',
      '<span class="good">20 of 20 whole</span>',
      '<td>20 finished</td><td>1.50 MB</td>',
      '<span class="good">0</span>',
    ])
      expect(html).to.include(text);
    expect(html).to.not.include('class="bad"');
  });

  it('marks what is short and what leaked', () => {
    const statistics = {
      ...STATISTICS,
      copies: { begun: 2, whole: 1, short: 1, endings: { finished: 1, 'no-window': 1 } },
      bytes: { ...STATISTICS.bytes, short: 300 },
      packets: { ...STATISTICS.packets, leaked: 5, strays: 7 },
      ...{ reopened: 4, unanswered: 6 },
    };
    const html = mirrorSection(withMirrors({ mirrors: [{ ...RECORD, statistics }] }), {});
    for (const text of [
      '<span class="bad">1 of 2 whole</span>',
      '1 finished, 1 no-window, 4 connected again, 6 requests unanswered',
      '<span class="bad">300 B</span>',
      '70 in all, 7 strays',
      '<span class="bad">5</span>',
    ])
      expect(html).to.include(text);
  });

  it('shows what the doctor found, with its mend', () => {
    const finding = { code: 'route-missing', effect: 'leaks', message: 'No <way>' } as const;
    const findings = [{ ...finding, help: 'Add a route' }];
    const html = mirrorSection(withMirrors({ diagnoses: [{ mirror: 'shadow', findings }] }), {});
    expect(html).to.include(
      '<span class="bad">route-missing</span></td><td>No &lt;way&gt;</td><td>Add a route</td>',
    );
  });

  it('has the control arm apart', () => {
    const control = { ...REPORT.manifest, mirrors: [{ ...RECORD, comparison: COMPARISON }] };
    const html = mirrorSection(withMirrors({ control }), {});
    expect(html).to.include('<h2>Mirrors: control arm</h2>');
    expect(html).to.include('<h3>shadow: answers compared</h3>');
  });

  it('is not there without mirrors', () => {
    expect(mirrorSection(REPORT, {})).to.equal('');
    const diagnoses = [{ mirror: 'shadow', findings: [] }];
    expect(mirrorSection(withMirrors({ diagnoses }), { sightings: [] })).to.equal('');
  });
});
