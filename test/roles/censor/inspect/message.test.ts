import { expect } from 'chai';
import { type Layer, isOverTcp, isOverUdp } from '../../../../src/roles/censor/inspect/message.ts';

const LAYERS: readonly Layer[] = ['dns', 'http', 'quic', 'ssh', 'tls'];

describe('roles/censor/message', () => {
  it('isOverTcp() and isOverUdp() say where each is looked for', () => {
    expect(LAYERS.filter(isOverTcp)).to.deep.equal(['dns', 'http', 'ssh', 'tls']);
    expect(LAYERS.filter(isOverUdp)).to.deep.equal(['dns', 'quic']);
  });
});
