import { expect } from 'chai';
import { gatewayScript } from '../../../src/agent/build/uplink.ts';

describe('gatewayScript()', () => {
  it('lets the named networks out and answers in, and nothing else through', () => {
    const script = gatewayScript(['inside']);
    expect(script).to.contain('hook forward priority filter; policy drop;');
    expect(script.match(/accept/g)).to.have.length(2);
    expect(script).to.contain('iifname "inside" oifname "runner-uplink" accept');
    expect(script).to.contain('oifname "runner-uplink" masquerade');
  });

  it('refuses a name that could end its quotation', () =>
    expect(() => gatewayScript(['a" accept'])).to.throw('names interfaces plainly'));
});
