import { expect } from 'chai';
import { createSecrets } from '../../../src/agent/container/secrets.ts';
import { Fault } from '../../../src/base/fault.ts';

describe('createSecrets()', () => {
  const secrets = createSecrets({ 'env:TOKEN': 'hunter2', 'file:/k': 'line one of a key\nend' });

  it('fill() puts values in their places', () =>
    expect(
      secrets.fill({ A: 'plain', B: { secret: { env: 'TOKEN' } }, C: { secret: { file: '/k' } } }),
    ).to.deep.equal({ A: 'plain', B: 'hunter2', C: 'line one of a key\nend' }));

  it('fill() refuses a secret without a value', () =>
    expect(() => secrets.fill({ A: { secret: { env: 'NONE' } } })).to.throw(
      Fault,
      'Variable "A" asks for the secret "env:NONE", which has no value',
    ));

  it('hide() masks values and the telling lines of long ones', () =>
    expect(secrets.hide('hunter2, line one of a key, end')).to.equal('***, ***, end'));
});
