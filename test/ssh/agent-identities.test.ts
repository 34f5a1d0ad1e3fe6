import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { strangeKeys } from '../../src/ssh/agent-identities.ts';
import { listLoginKeys } from '../../src/ssh/login-keys.ts';
import { secretsOf } from '../../src/ssh/secrets.ts';

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const string = (content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([number(bytes.length), bytes]);
};
const PLAIN = Buffer.concat([string('ssh-ed25519'), string(Buffer.alloc(32, 7))]);
const ON_DEVICE = Buffer.concat([
  string('sk-ssh-ed25519@openssh.com'),
  string(Buffer.alloc(32, 7)),
  string('ssh:'),
]);

describe('strangeKeys()', () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'agent-'));
  });
  afterEach(() => {
    server?.close();
    rmSync(folder, { recursive: true });
  });

  /** An agent that gives one answer to everything, in two pieces. */
  async function agentOf(answer: Buffer): Promise<string> {
    const path = join(folder, 'agent');
    const started = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        const whole = string(answer);
        socket.write(whole.subarray(0, 3));
        setImmediate(() => socket.write(whole.subarray(3)));
      });
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(path, resolve));
    return path;
  }

  const identities = (...keys: (readonly [Buffer, string])[]): Buffer =>
    Buffer.concat([
      Buffer.from([12]),
      number(keys.length),
      ...keys.flatMap(([blob, comment]) => [string(blob), string(comment)]),
    ]);

  it('finds keys of types that cannot be used, among others', async () => {
    const path = await agentOf(identities([PLAIN, 'plain'], [ON_DEVICE, 'me@device']));
    expect(await strangeKeys(path)).to.deep.equal([
      { type: 'sk-ssh-ed25519@openssh.com', comment: 'me@device' },
    ]);
  });

  it('finds none where nobody answers, or not as an agent', async () => {
    expect(await strangeKeys(join(folder, 'none'))).to.deep.equal([]);
    const whole = identities([ON_DEVICE, 'me@device']);
    expect(await strangeKeys(await agentOf(whole.subarray(0, 20)))).to.deep.equal([]);
  });

  it('listLoginKeys() says why a key on a device is not tried', async () => {
    const agent = await agentOf(identities([PLAIN, 'plain'], [ON_DEVICE, 'me@device']));
    const found = await listLoginKeys(
      { agent, identities: [], defaultIdentities: [], identitiesOnly: false },
      secretsOf(() => Promise.resolve(null)),
    );
    expect(found.map(({ kind }) => kind)).to.deep.equal(['key', 'unusable']);
    expect(found.at(-1)).to.deep.equal({
      kind: 'unusable',
      name: 'key "me@device" (sk-ssh-ed25519@openssh.com) of the agent',
      why: 'runner cannot use keys on a security key (FIDO)',
    });
  });
});
