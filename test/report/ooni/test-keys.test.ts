import { expect } from 'chai';
import { EXTENSIONS, testKeys } from '../../../src/report/ooni/test-keys.ts';
import { DNS, attempt } from './attempts.ts';

describe('testKeys()', () => {
  it('has every format, empty where the probe has nothing to say of it', () => {
    const keys = testKeys(attempt({ failure: 'eof_error', operation: 'read' }));
    expect(keys).to.include({ failure: 'eof_error', failed_operation: 'read' });
    expect(keys.queries).to.deep.equal([]);
    expect(keys.tcp_connect).to.have.length(1);
    expect(keys.tls_handshakes).to.have.length(1);
    expect(keys.requests).to.have.length(1);
    expect(keys.network_events).to.deep.equal([]);
    expect(testKeys(attempt({}, DNS)).queries).to.have.length(1);
    expect(Object.keys(EXTENSIONS)).to.have.length(5);
  });
});
