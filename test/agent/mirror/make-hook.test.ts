import { expect } from 'chai';
import { makeHookOf } from '../../../src/agent/mirror/make-hook.ts';
import { concatBytes, fromLatin1 } from '../../../src/wire/bytes.ts';
import { buildMessage, buildPasswordMessage, buildStartup } from '../../../src/wire/postgres.ts';

const SPEC = { kind: 'postgres', passwords: [] } as const;
/** AuthenticationCleartextPassword. */
const CLEARTEXT = buildMessage('R', Uint8Array.of(0, 0, 0, 3));

/** What a copy of this user says after the StartupMessage, or why it fails. */
function answerOf(user: string, passwords: Readonly<Record<string, string>>): string | Uint8Array {
  const said: Uint8Array[] = [];
  const faults: string[] = [];
  const hook = makeHookOf(
    SPEC,
    passwords,
  )?.({
    say: (bytes) => void said.push(bytes.slice()),
    fail: (reason) => void faults.push(reason),
  });
  hook?.fromClient(buildStartup({ user, database: 'app' }), 0);
  hook?.fromTarget(CLEARTEXT);
  return faults[0] ?? concatBytes(...said.slice(1));
}
const passwordOf = (text: string): Uint8Array =>
  buildPasswordMessage(new Uint8Array(Buffer.from(text)));

describe('makeHookOf()', () => {
  it('makes none where none is asked for', () => expect(makeHookOf(null, {})).to.equal(null));

  it('knows users by their names', () =>
    expect(answerOf('app', { app: 'one €', '*': 'two' })).to.deep.equal(passwordOf('one €')));

  it('knows names beyond ASCII, which a message has in UTF-8', () => {
    const user = Buffer.from('zoë').toString('latin1');
    expect(fromLatin1(user)).to.have.length(4);
    expect(answerOf(user, { zoë: 'one' })).to.deep.equal(passwordOf('one'));
  });

  it('has a password for all others', () =>
    expect(answerOf('constructor', { app: 'one', '*': 'two' })).to.deep.equal(passwordOf('two')));

  it('has none for a user of whom nothing is known', () =>
    expect(answerOf('constructor', { app: 'one' })).to.equal(
      'The target wants a password, and there is none for this user',
    ));
});
