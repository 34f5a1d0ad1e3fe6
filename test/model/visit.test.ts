import { expect } from 'chai';
import { plannedVisit, siteOf, visitFolder, visitLimit } from '../../src/model/visit.ts';

const URLS = ['https://a.example/', 'https://b.example/', 'https://c.example/'];
const ATTEMPTS = [1, 2, 3, 4, 5, 6];

describe('model/visit', () => {
  it('plannedVisit() goes round the pages when interleaved', () => {
    const plan = { urls: URLS, repeat: 2, order: 'interleaved' } as const;
    expect(ATTEMPTS.map((attempt) => plannedVisit(plan, attempt))).to.deep.equal([
      ...URLS.map((url) => ({ url, repetition: 1 })),
      ...URLS.map((url) => ({ url, repetition: 2 })),
    ]);
  });

  it('plannedVisit() does all visits of a page before the next when sequential', () => {
    const plan = { urls: URLS, repeat: 2, order: 'sequential' } as const;
    expect(ATTEMPTS.map((attempt) => plannedVisit(plan, attempt))).to.deep.equal(
      URLS.flatMap((url) => [1, 2].map((repetition) => ({ url, repetition }))),
    );
  });

  it('siteOf() is host and path', () => {
    expect(siteOf('https://news.example:8443/a/b?c=d#e')).to.equal('news.example:8443/a/b');
  });

  const FOLDERS: readonly (readonly [string, string])[] = [
    ['https://news.example/', 'visits/browse/7-news.example'],
    ['https://news.example:8443/a/b?c', 'visits/browse/7-news.example-8443-a-b'],
    ['http://[fd00::2]/%2e%2e/', 'visits/browse/7--fd00-2-2e-2e'],
    [`https://news.example/${'x'.repeat(200)}`, `visits/browse/7-news.example-${'x'.repeat(47)}`],
  ];
  for (const [url, folder] of FOLDERS)
    it(`visitFolder() of ${url.slice(0, 40)} is a name without separators`, () => {
      expect(visitFolder('browse', 7, url)).to.equal(folder);
    });

  it('visitLimit() is above all that a visit may wait for', () => {
    const times = { settle: 90_000, timeout: 30_000, drain: 5000 };
    expect(visitLimit(times)).to.be.above(125_000);
    expect(visitLimit({ ...times, settle: 0 })).to.be.above(35_000);
  });
});
