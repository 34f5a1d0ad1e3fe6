import { expect } from 'chai';
import type { Match } from '../../../../src/model/censor-match.ts';
import { canBeTrue, layerOfField, layersOf } from '../../../../src/roles/censor/match/layer.ts';

const SNI: Match = { field: 'tls.sni', names: ['x'] };
const HOST: Match = { field: 'http.host', names: ['x'] };
const PORT: Match = { field: 'tcp.dstport', ranges: [[443, 443]] };

describe('roles/censor/match/layer', () => {
  const cases: readonly (readonly [Match, readonly string[], boolean])[] = [
    [PORT, [], true],
    [{ all: [] }, [], true],
    [{ any: [] }, [], false],
    [SNI, ['tls'], false],
    [{ not: SNI }, ['tls'], false],
    [{ all: [PORT, SNI] }, ['tls'], false],
    [{ any: [PORT, SNI] }, ['tls'], true],
    [{ any: [HOST, SNI] }, ['http', 'tls'], false],
    [{ all: [HOST, SNI] }, [], false],
    [{ not: { all: [PORT, SNI] } }, ['tls'], true],
    [{ not: { any: [PORT, SNI] } }, ['tls'], false],
  ];
  for (const [match, layers, isBare] of cases)
    it(`${JSON.stringify(match)} is asked of ${layers.join(', ') || 'no message'}${isBare ? ' and of packets' : ''}`, () => {
      expect(layersOf(match)).to.deep.equal(layers);
      expect(canBeTrue(match, null)).to.equal(isBare);
    });

  it('layerOfField() is the message that has the field', () => {
    expect(layerOfField('ssh.kex')).to.equal('ssh');
    expect(layerOfField('payload.protocol')).to.equal(null);
    expect(layerOfField('share')).to.equal(null);
  });
});
