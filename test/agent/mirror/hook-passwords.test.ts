import { expect } from 'chai';
import { createSecrets } from '../../../src/agent/container/secrets.ts';
import { hookPasswords } from '../../../src/agent/mirror/hook-passwords.ts';
import { Fault } from '../../../src/base/fault.ts';

const passwords = [
  { user: 'app', variable: 'APP_PASSWORD' },
  { user: '*', variable: 'OTHERS' },
];

describe('hookPasswords()', () => {
  it('gives the secret of each user', () => {
    const secrets = createSecrets({ 'env:APP_PASSWORD': 'one', 'env:OTHERS': 'two' });
    expect(hookPasswords({ hook: { kind: 'postgres', passwords } }, secrets)).to.deep.equal({
      app: 'one',
      '*': 'two',
    });
  });

  it('needs no secrets without a hook', () =>
    expect(hookPasswords({ hook: null })).to.deep.equal({}));

  it('refuses a password that was never handed over', () =>
    expect(() => hookPasswords({ hook: { kind: 'postgres', passwords } })).to.throw(
      Fault,
      'the secret "env:APP_PASSWORD", which has no value',
    ));
});
