import { expect } from 'chai';
import { ScramClient } from '../../../../src/roles/mirror/postgres/scram.ts';
import { crypto } from './crypto.ts';

const PASSWORD = Buffer.from('pencil');
const NONCE = 'rOprNGfwEbeRWgbNEkqO';
/** RFC 7677 section 3, but for the user's name, which PostgreSQL leaves empty: so the proofs are others. */
const SERVER_NONCE = `${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`;
const SERVER_FIRST = `r=${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;

const client = (): ScramClient => new ScramClient(PASSWORD, crypto(NONCE));

describe('roles/mirror/postgres/scram', () => {
  it('first names no user and no channel binding', () => {
    expect(client().first).to.equal(`n,,n=,r=${NONCE}`);
  });

  it('final() proves that the client knows the password, as RFC 5802 computes it', () => {
    const step = client().final(SERVER_FIRST);
    if (!('say' in step)) throw new Error(step.fault);
    const [withoutProof, proof = ''] = step.say.split(',p=');
    expect(withoutProof).to.equal(`c=biws,r=${SERVER_NONCE}`);
    // What a server does that has stored H(ClientKey): ClientProof xor ClientSignature is ClientKey.
    const { pbkdf2, hmac, sha256 } = crypto('');
    const salted = pbkdf2(PASSWORD, Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'), 4096);
    const stored = sha256(hmac(salted, Buffer.from('Client Key')));
    const message = Buffer.from(`n=,r=${NONCE},${SERVER_FIRST},${withoutProof ?? ''}`);
    const signature = hmac(stored, message);
    const key = Buffer.from(proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0));
    expect(Buffer.from(sha256(key)).equals(stored)).to.equal(true);
  });

  it('refuse() takes only the signature of a server that knows the password', () => {
    const scram = client();
    const step = scram.final(SERVER_FIRST);
    if (!('say' in step)) throw new Error(step.fault);
    const { pbkdf2, hmac } = crypto('');
    const salted = pbkdf2(PASSWORD, Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'), 4096);
    const [withoutProof = ''] = step.say.split(',p=');
    const message = Buffer.from(`n=,r=${NONCE},${SERVER_FIRST},${withoutProof}`);
    const signature = hmac(hmac(salted, Buffer.from('Server Key')), message);
    expect(scram.refuse(`v=${Buffer.from(signature).toString('base64')}`)).to.equal(null);
    expect(scram.refuse('v=AAAA')).to.equal('The server does not know the password');
    expect(scram.refuse('e=other-error')).to.equal('The server does not know the password');
    expect(client().refuse('v=')).to.equal('The server does not know the password');
  });

  it('final() refuses what no server says that is sound', () => {
    const fault = (serverFirst: string): string => {
      const step = client().final(serverFirst);
      return 'fault' in step ? step.fault : '';
    };
    expect(fault(`r=other,s=AAAA,i=4096`)).to.include('nonce');
    expect(fault(`r=${NONCE},s=AAAA,i=4096`)).to.include('nonce');
    expect(fault(`r=${NONCE}x,s=*,i=4096`)).to.include('salt');
    expect(fault(`r=${NONCE}x,s=AAAA,i=0`)).to.include('iterations, found 0');
    expect(fault(`r=${NONCE}x,s=AAAA,i=99999999`)).to.include('iterations');
  });
});
