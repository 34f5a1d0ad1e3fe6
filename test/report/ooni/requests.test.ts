import { expect } from 'chai';
import { requests } from '../../../src/report/ooni/requests.ts';
import { HTTP, TLS, attempt } from './attempts.ts';

describe('requests()', () => {
  it('tells request and response as far as the probe keeps them', () => {
    const [request] = requests(attempt({ status: 451, bodyStart: 'blocked' }, HTTP));
    expect(request).to.deep.equal({
      failure: null,
      request: {
        method: 'GET',
        url: 'http://blocked.example/page',
        headers: { Host: 'blocked.example' },
        headers_list: [['Host', 'blocked.example']],
        body: '',
        body_is_truncated: false,
      },
      response: { code: 451, body: 'blocked' },
      t: 0.1,
    });
  });

  it('says that a long body is cut, by bytes', () => {
    const [request] = requests(attempt({ status: 200, bodyStart: 'ä'.repeat(512) }, HTTP));
    expect(request!.response).to.include({ body_is_truncated: true });
  });

  it('tells a request that got no response', () => {
    const [request] = requests(attempt({ failure: 'eof_error', operation: 'read' }));
    expect(request).to.deep.include({ failure: 'eof_error', response: null });
    expect(request!.request.url).to.equal('https://blocked.example/page');
  });

  it('has none where nothing was asked', () => {
    const early = attempt({ failure: 'connection_reset', operation: 'tls_handshake' });
    expect(requests(early)).to.deep.equal([]);
    if (TLS.kind !== 'tls') throw new Error('no TLS probe');
    expect(requests(attempt({}, { ...TLS, get: null }))).to.deep.equal([]);
    expect(requests(attempt({}, null))).to.deep.equal([]);
  });
});
