import type { Report, RunEvent } from '../../src/report/report.ts';
import { REPORT, failing } from './fixture.ts';
import { RECORD } from './mirror-fixture.ts';
import { expect } from 'chai';
import { renderHtml } from '../../src/report/html.ts';

const EVENT: RunEvent = {
  kind: 'flow-begins',
  time: Date.parse('2026-11-20T21:04:11.250Z') * 1000,
  flow: 'forbidden',
  attempt: 1,
  node: 'client',
};
const EXTRAS = {
  sources: [{ file: 'censor.yaml', text: 'name: censor' }],
  events: [EVENT],
  eventCount: 1,
};

describe('renderHtml()', () => {
  it('shows verdicts, proof, expectations, captures, events, source and how to run it again', () => {
    const html = renderHtml({ ...REPORT, expectations: [failing] }, EXTRAS);
    for (const text of [
      'connection_reset',
      '<code>client.inside #9</code> RST, seq 1, from 10.10.2.2:443',
      'wished &quot;connection_reset&quot;, found none',
      'href="./captures/client.inside.pcap"',
      '<td>250 ms</td>',
      'name: censor',
      'runner apply scenarios/censor.yaml --seed 1',
    ])
      expect(html).to.include(text);
  });

  it('asks nothing of the network and runs no script', () => {
    const html = renderHtml(REPORT, EXTRAS);
    expect(html).to.not.match(/<script|https?:\/\/|@import|url\(/i);
  });

  it('escapes every text that it is given', () => {
    const hostile = '<img src=x onerror=alert(1)>"\'&';
    const poisoned = poison({ ...REPORT, expectations: [failing] }, hostile);
    const html = renderHtml(poisoned, {
      sources: [{ file: hostile, text: hostile }],
      events: [{ ...EVENT, flow: hostile, node: hostile }],
      eventCount: 1,
    });
    expect(html).to.not.include('<img');
    expect(html).to.include('&lt;img');
  });

  it('shows mirrors, and the packets of a session of theirs', () => {
    const manifest = { ...REPORT.manifest, mirrors: [RECORD] };
    const place = { role: 'online server', node: 'web', isCaptured: false, isCut: false };
    const places = [{ ...place, packets: [] }];
    const sightings = [{ mirror: 'shadow', client: 'a:1', as: 'a:1', places }];
    const html = renderHtml({ ...REPORT, manifest }, { ...EXTRAS, sightings });
    expect(html).to.include('<h2>Mirrors</h2>');
    expect(html).to.include('<h3>shadow: the session of a:1</h3>');
  });

  it('bounds the timeline and says so', () => {
    const html = renderHtml(REPORT, { ...EXTRAS, eventCount: 5000 });
    expect(html).to.include('5000 events in all; the first 1 are shown');
  });
});

/** The same report with `text` in every string that is not one of a fixed set of words. */
function poison(report: Report, text: string): Report {
  const fixed = new Set(['kind', 'status', 'started', 'ended', 'privileges', 'planHash']);
  return JSON.parse(
    JSON.stringify(report, (key, value: unknown) =>
      typeof value === 'string' && !fixed.has(key) ? text : value,
    ),
  ) as Report;
}
