import { expect } from 'chai';
import { sha256 } from '../../../../src/base/hash.ts';
import { ok } from '../../../../src/base/result.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import type { FolderListing } from '../../../../src/model/web.ts';
import { planHash } from '../../../../src/scenario/plan-hash.ts';
import { compileText, mustPlan, placesOf } from '../../compile-text.ts';

const recording = (...hosts: string[]): string =>
  JSON.stringify({
    log: {
      entries: hosts.map((host) => ({
        request: { method: 'GET', url: `https://${host}/` },
        response: { status: 200, headers: [] },
      })),
    },
  });

const FILES = {
  'sites/shop.har': recording('shop.example', 'cdn.example', '10.9.9.9'),
  'sites/mail.har': recording('mail.example', 'cdn.example'),
};
const LISTING: FolderListing = {
  files: [{ path: 'index.html', bytes: 3, sha256: 'aa' }],
  astray: [],
};

const scenario = (web: string, more = ''): string => `
version: 1
name: lab
hosts: { client: {}, server: {} }
networks: { wire: { subnet: [10.10.1.0/24, "fd00:1::/64"], members: [client, server] } }
traffic:
  - { name: web, on: server, serve: { web: ${web} } }
${more}`;

describe('a web server', () => {
  const inSub = Object.fromEntries(
    Object.entries(FILES).map(([name, text]) => [`sub/${name}`, text]),
  );
  const compiled = (web: string, more = '', listing = LISTING): Plan =>
    mustPlan(
      compileText(scenario(web, more), inSub, { listFolder: () => ok(listing) }, 'sub/lab.yaml'),
    );

  it('has its files and recordings in the plan, by their hashes', () => {
    const { services } = compiled(
      '{ sites: { News.example: sites/news, "*": /srv/other }, har: [sites/shop.har, sites/mail.har] }',
    );
    expect(services[0]?.serve).to.deep.equal({
      kind: 'web',
      port: 80,
      ports: { http: 80, https: 443 },
      sites: [
        { host: 'news.example', folder: 'sites/news', files: LISTING.files },
        { host: '*', folder: '/srv/other', files: LISTING.files },
      ],
      recordings: [
        {
          file: 'sites/shop.har',
          sha256: sha256(FILES['sites/shop.har']),
          hosts: ['shop.example', 'cdn.example'],
        },
        {
          file: 'sites/mail.har',
          sha256: sha256(FILES['sites/mail.har']),
          hosts: ['mail.example', 'cdn.example'],
        },
      ],
      timing: 'none',
    });
  });

  it('listens where it is told to', () => {
    const { services } = compiled(
      '{ har: sites/shop.har, ports: { https: 8443 }, timing: recorded }',
    );
    expect(services[0]?.serve).to.deep.include({
      ...{ port: 8443, ports: { http: null, https: 8443 }, timing: 'recorded' },
    });
  });

  it('has its sites as names in the lab, which probes may go to', () => {
    const { names, flows } = compiled(
      '{ sites: { news.example: sites/news, "*": sites/news }, har: sites/shop.har }',
      '  - { name: visit, from: client, to: "cdn.example:443", probe: { https: {} } }',
    );
    const line = names.find(({ address }) => address === '10.10.1.2');
    expect(line?.names).to.deep.equal([
      ...['server', 'server.lab', 'news.example', 'shop.example', 'cdn.example'],
    ]);
    expect(flows[0]?.probe).to.have.nested.property('target.address', '10.10.1.2');
  });

  it('gives the same plan for the same files, and another for others', () => {
    const web = '{ sites: { news.example: sites/news } }';
    const changed = { ...LISTING, files: [{ path: 'index.html', bytes: 3, sha256: 'bb' }] };
    expect(planHash(compiled(web))).to.equal(planHash(compiled(web)));
    expect(planHash(compiled(web, '', changed))).to.not.equal(planHash(compiled(web)));
  });

  it('clashes with a service at one of its ports', () => {
    const text = scenario(
      '{ har: sites/shop.har }',
      '  - { name: old, on: server, serve: { http: {} } }',
    );
    expect(placesOf(compileText(text, inSub, {}, 'sub/lab.yaml'))).to.deep.equal(['S093 8:13']);
  });

  it('may have hosts in common with another recording, but not with a folder', () => {
    const text = scenario('{ sites: { cdn.example: x }, har: [sites/shop.har, sites/mail.har] }');
    const found = compileText(text, inSub, { listFolder: () => ok(LISTING) }, 'sub/lab.yaml');
    expect(placesOf(found)).to.deep.equal(['S212 7:55']);
  });
});
