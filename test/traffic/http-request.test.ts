import { expect } from 'chai';
import { httpRequestHead } from '../../src/traffic/http-request.ts';

describe('traffic/http-request httpRequestHead()', () => {
  it('writes request line and Host header exactly as given', () => {
    const head = httpRequestHead({ method: 'GET', path: '/a?b', host: 'Blocked.Example:80' });
    expect(head.startsWith('GET /a?b HTTP/1.1\r\nHost: Blocked.Example:80\r\n')).to.equal(true);
    expect(head.endsWith('\r\nAccept: */*\r\n\r\n')).to.equal(true);
  });
});
