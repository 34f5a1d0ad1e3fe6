import { expect } from 'chai';
import type { Flow } from '../../../src/model/traffic.ts';
import { renderPlan } from '../../../src/scenario/render-plan.ts';
import { compileText, mustPlan, planOf } from '../compile-text.ts';

const lab = (visit: string): string => `version: 1
name: lab
hosts: { client: {}, server: {} }
networks: { wire: { members: [client, server] } }
traffic:
  - { name: web, on: server, serve: { tls: { names: [a.example, b.example] } } }
  - { name: browse, from: client, at: 1s, visit: { ${visit} } }
`;
const flowOf = (visit: string): Flow | undefined => planOf(lab(visit)).flows[0];

describe('resolveVisit()', () => {
  it('fills in what is not said: what CoMPS does', () => {
    expect(flowOf('urls: ["https://A.example"]')).to.deep.equal({
      ...{ name: 'browse', from: 'client' },
      schedule: { at: 1000, after: [], repeat: 1, pace: null, for: null, concurrency: 1 },
      probe: {
        ...{ kind: 'visit', with: 'chromium', urls: ['https://a.example/'], repeat: 1 },
        ...{ order: 'interleaved', timeout: 30_000, settle: 2000, drain: 2000, failures: 3 },
        ...{ minimum: 100, har: { mode: 'full', bodies: false }, quic: [] },
      },
    });
  });

  it('makes one attempt of each visit', () => {
    const urls = 'urls: ["https://a.example/", "https://b.example/"]';
    expect(flowOf(`${urls}, repeat: 5`)?.schedule.repeat).to.equal(10);
  });

  it('reads pages from a file, with comments', () => {
    const pages = '# two\nhttps://a.example/ # first\r\n\nhttps://b.example/#top\n';
    const plan = mustPlan(compileText(lab('file: pages.txt'), { 'pages.txt': pages }));
    expect(plan.flows[0]?.probe).to.deep.include({
      urls: ['https://a.example/', 'https://b.example/#top'],
    });
  });

  const QUIC: readonly (readonly [string, readonly string[]])[] = [
    ['true', ['a.example:443', 'b.example:8443']],
    ['false', []],
    ['"a.example:443"', ['a.example:443']],
  ];
  for (const [written, quic] of QUIC)
    it(`speaks QUIC from the first packet with quic: ${written}`, () => {
      const urls = 'urls: ["https://a.example/", "https://a.example/2", "https://b.example:8443/"]';
      expect(flowOf(`${urls}, quic: ${written}`)?.probe).to.deep.include({ quic });
    });

  it('keeps a HAR of browsers alone', () => {
    const har = (visit: string): unknown =>
      (flowOf(`urls: ["https://a.example/"], ${visit}`)?.probe as { har?: unknown }).har;
    expect(har('har: minimal, bodies: true')).to.deep.equal({ mode: 'minimal', bodies: true });
    expect(har('har: false')).to.equal(null);
    expect(har('with: curl')).to.equal(null);
  });

  it('is shown in the plan, the first pages of many', () => {
    const pages = Array.from({ length: 25 }, (_, index) => `https://a.example/${index}`).join('\n');
    const plan = mustPlan(compileText(lab('file: p.txt, repeat: 2'), { 'p.txt': pages }));
    const text = renderPlan(plan);
    expect(text).to.include('visit with chromium  25 pages 2 times each, interleaved');
    expect(text).to.include('https://a.example/19\n').and.include('and 5 pages more');
    expect(text).to.not.include('https://a.example/20');
  });
});
