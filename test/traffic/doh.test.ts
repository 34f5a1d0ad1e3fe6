import { expect } from 'chai';
import { dohQuery, dohRequest } from '../../src/traffic/doh.ts';
import { buildDnsQuery } from '../../src/wire/dns.ts';

// RFC 8484 section 4.1.1: www.example.com A with id 0.
const QUERY = buildDnsQuery(0, 'www.example.com', 1);
const EXAMPLE = 'AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB';
const AT = { path: '/dns-query', host: 'dns.example' } as const;

describe('traffic/doh', () => {
  const query = QUERY.ok ? QUERY.value : new Uint8Array(0);

  it('dohRequest() writes the request of RFC 8484', () => {
    const get = dohRequest(query, { ...AT, method: 'GET' });
    expect(get.path).to.equal(`/dns-query?dns=${EXAMPLE}`);
    expect(get.body).to.equal(undefined);
    const post = dohRequest(query, { ...AT, method: 'POST' });
    expect(post).to.include({ path: '/dns-query', body: query });
    expect(post.fields).to.deep.include(['Content-Type', 'application/dns-message']);
  });

  it('dohQuery() reads what dohRequest() writes', () => {
    for (const path of ['/dns-query', '/other?a=b']) {
      const get = dohRequest(query, { ...AT, path, method: 'GET' });
      expect(dohQuery('GET', get.path, undefined, new Uint8Array(0))).to.deep.equal(QUERY);
    }
    expect(dohQuery('POST', '/', 'application/dns-message', query)).to.deep.equal(QUERY);
  });

  it('dohQuery() says how to refuse', () => {
    const none = new Uint8Array(0);
    expect(dohQuery('POST', '/', 'text/plain', query)).to.deep.equal({ ok: false, error: 415 });
    expect(dohQuery('PUT', '/', undefined, none)).to.deep.equal({ ok: false, error: 405 });
    expect(dohQuery('GET', '/dns-query', undefined, none)).to.deep.equal({ ok: false, error: 400 });
    expect(dohQuery('GET', '/?dns=AAAAA', undefined, none)).to.deep.equal({
      ok: false,
      error: 400,
    });
  });
});
