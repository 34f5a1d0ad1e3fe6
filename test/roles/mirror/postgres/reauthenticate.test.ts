import { expect } from 'chai';
import { Reauthentication } from '../../../../src/roles/mirror/postgres/reauthenticate.ts';
import { concatBytes } from '../../../../src/wire/bytes.ts';
import {
  buildMessage,
  buildPasswordMessage,
  buildSaslInitial,
  buildStartup,
} from '../../../../src/wire/postgres.ts';
import { crypto } from './crypto.ts';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const STARTUP = buildStartup({ user: 'anna', database: 'shop' });
const OK = buildMessage('R', hex('00000000'));
const READY = buildMessage('Z', latin1('I'));
const query = (text: string): Uint8Array => buildMessage('Q', latin1(`${text}\0`));
/** What a client says that proves itself to the online server. */
const PROOF = buildPasswordMessage(latin1('md5feedbeef'));

interface Said {
  readonly words: string;
  readonly answered: number;
}

function begin(password: string | null = 'pencil') {
  const said: Said[] = [];
  const faults: string[] = [];
  const hook = new Reauthentication(
    {
      passwordOf: () => (password === null ? null : Buffer.from(password)),
      crypto: crypto('nonce'),
    },
    {
      say: (bytes, answered) =>
        said.push({ words: Buffer.from(bytes).toString('latin1'), answered }),
      fail: (reason) => faults.push(reason),
    },
  );
  const words = (): string => said.map((one) => one.words).join('');
  return { hook, said, faults, words };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('roles/mirror/postgres/reauthenticate', () => {
  it('says what the client says but for its proof, where the target trusts it', () => {
    const { hook, words, faults } = begin(null);
    hook.fromClient(hex('0000000804d2162f'), 0);
    hook.fromClient(STARTUP, 0);
    hook.fromTarget(concatBytes(OK, READY));
    hook.fromClient(PROOF, 9);
    hook.fromClient(PROOF, 20);
    hook.fromClient(concatBytes(query('SELECT 1'), latin1('Q\0')), 30);
    hook.fromClient(latin1('\0\0\u0009ab\0c'), 30);
    expect(words()).to.equal(
      text(concatBytes(STARTUP, query('SELECT 1'), latin1('Q\0\0\0\u0009ab\0c'))),
    );
    expect([faults, hook.listens, hook.holding]).to.deep.equal([[], false, 0]);
  });

  it('holds what comes after the proof until the target is ready', () => {
    const { hook, said } = begin();
    hook.fromClient(concatBytes(STARTUP, PROOF, query('SELECT 1')), 30);
    expect(said).to.have.length(1);
    expect([hook.holding, hook.listens]).to.deep.equal([14, true]);
    hook.fromTarget(OK);
    expect(said).to.have.length(1);
    hook.fromTarget(READY);
    expect(said.at(-1)).to.deep.equal({ words: text(query('SELECT 1')), answered: 30 });
    hook.fromClient(query('SELECT 2'), 77);
    expect(said.at(-1)).to.deep.equal({ words: text(query('SELECT 2')), answered: 77 });
  });

  it('gives the target the password in clear, or as MD5 with the salt of the target', () => {
    const clear = begin();
    clear.hook.fromClient(STARTUP, 0);
    clear.hook.fromTarget(buildMessage('R', hex('00000003')));
    expect(clear.said.at(-1)?.words).to.equal(text(buildPasswordMessage(latin1('pencil'))));
    const salted = begin();
    salted.hook.fromClient(STARTUP, 0);
    salted.hook.fromTarget(buildMessage('R', hex('0000000501020304')));
    // printf %s pencilanna | md5sum; printf '%s\1\2\3\4' that | md5sum.
    const inner = Buffer.from(crypto('').md5(latin1('pencilanna'))).toString('hex');
    const outer = crypto('').md5(concatBytes(latin1(inner), Uint8Array.of(1, 2, 3, 4)));
    const digest = `md5${Buffer.from(outer).toString('hex')}`;
    expect(salted.said.at(-1)?.words).to.equal(text(buildPasswordMessage(latin1(digest))));
  });

  it('begins SCRAM with a nonce of its own', () => {
    const { hook, said } = begin();
    hook.fromClient(STARTUP, 0);
    const mechanisms = latin1('SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0');
    hook.fromTarget(buildMessage('R', hex('0000000a'), mechanisms));
    const first = buildSaslInitial('SCRAM-SHA-256', latin1('n,,n=,r=nonce'));
    expect(said.at(-1)?.words).to.equal(text(first));
  });

  it('fails with the reason where it cannot go on', () => {
    const reasons = (...target: readonly Uint8Array[]): string[] => {
      const { hook, faults } = begin(null);
      hook.fromClient(STARTUP, 0);
      for (const message of target) hook.fromTarget(message);
      return faults;
    };
    expect(reasons(buildMessage('R', hex('00000003')))).to.deep.equal([
      'The target wants a password, and there is none for this user',
    ]);
    const error = buildMessage('E', latin1('SFATAL\0C3D000\0Mdatabase "shop" does not exist\0\0'));
    expect(reasons(OK, error, READY)).to.deep.equal([
      'The target says 3D000: database "shop" does not exist',
    ]);
    const known = begin();
    known.hook.fromClient(STARTUP, 0);
    known.hook.fromTarget(buildMessage('R', hex('00000007')));
    expect(known.faults).to.deep.equal([
      'The target wants authentication of type 7, which is not known',
    ]);
  });

  it('fails where the client encrypts, or was met in its middle', () => {
    const encrypted = begin();
    encrypted.hook.fromClient(hex('0000000804d2162f'), 0);
    encrypted.hook.fromClient(hex('1603010200010001fc0303'), 1);
    expect(encrypted.faults).to.have.length(1);
    const late = begin();
    late.hook.fromClient(query('SELECT 1'), 0);
    expect(late.faults).to.have.length(1);
    expect(late.said).to.deep.equal([]);
  });

  it('never says to anybody how the client proved itself', () => {
    for (let cut = 1; cut < 40; cut += 1) {
      const { hook, words } = begin(null);
      const all = concatBytes(STARTUP, PROOF, query('SELECT 1'), query('SELECT 2'));
      for (let at = 0; at < all.length; at += cut) {
        hook.fromClient(all.subarray(at, at + cut), at);
        if (at === cut) hook.fromTarget(concatBytes(OK, READY));
      }
      if (cut >= all.length / 2) hook.fromTarget(concatBytes(OK, READY));
      expect(words()).to.equal(
        text(concatBytes(STARTUP, query('SELECT 1'), query('SELECT 2'))),
        `pieces of ${cut}`,
      );
    }
  });
});
