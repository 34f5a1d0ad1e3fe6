import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectSsh } from '../../../src/ssh/connect.ts';
import { admit, destination, enterHome, optionsTo, outputOf, refusal, trust } from './far.ts';
import { makeKey, startSshAgent, startSshd } from './sshd.ts';
import type { Sshd } from './sshd.ts';

describe('connectSsh()', function () {
  this.timeout(30_000);
  let home: ReturnType<typeof enterHome>;
  let sshd: Sshd;
  let folder: string;

  before(async () => {
    home = enterHome();
    folder = home.folder;
    sshd = await startSshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
    admit(folder, 'id', [sshd]);
  });
  beforeEach(() => trust(folder, sshd.knownHost()));
  after(async () => {
    await sshd.stop();
    home.leave();
  });

  const greet = (more = {}, wishes = {}): Promise<string> =>
    outputOf(optionsTo(folder, destination(sshd, wishes), more), 'echo hello');

  describe('logging in', () => {
    it('takes the key file that the scenario names', async () => {
      expect(await greet()).to.equal('hello\n');
    });

    for (const key of [
      { name: 'encrypted', type: 'ed25519' },
      { name: 'encrypted-rsa', type: 'rsa' },
      { name: 'encrypted-pem', type: 'rsa', format: 'PEM' },
    ] as const)
      it(`asks once for the passphrase of an ${key.name} key, again when it was wrong`, async () => {
        admit(folder, key.name, [sshd], { ...key, passphrase: 'open sesame' });
        const questions: string[] = [];
        const typed = ['wrong', 'open sesame'];
        const ask = (question: string): Promise<string> => {
          questions.push(question);
          return Promise.resolve(typed.shift() ?? '');
        };
        const wishes = { identities: [key.name] };
        expect(await greet({ ask }, wishes)).to.equal('hello\n');
        expect(await greet({ ask }, wishes)).to.equal('hello\n');
        expect(questions).to.have.lengthOf(2);
        expect(questions[0]).to.equal(`Passphrase of key "${join(folder, key.name)}": `);
      });

    it('does not ask for the passphrase of a key that the server would refuse', async () => {
      makeKey(join(folder, 'stranger-encrypted'), { passphrase: 'x' });
      const ask = (): Promise<string> => Promise.reject(new Error('asked'));
      expect(await greet({ ask }, { identities: ['stranger-encrypted', 'id'] })).to.equal(
        'hello\n',
      );
    });

    it('signs by the agent, which may hold the key of a file that is not readable', async () => {
      const agent = await startSshAgent(folder);
      try {
        admit(folder, 'held', [sshd]);
        execFileSync('ssh-add', ['-q', join(folder, 'held')], {
          env: { ...process.env, SSH_AUTH_SOCK: agent.socket },
        });
        rmSync(join(folder, 'held'));
        process.env['SSH_AUTH_SOCK'] = agent.socket;
        expect(await greet({}, { identities: [] })).to.equal('hello\n');
        expect(await greet({}, { identities: ['held'] })).to.equal('hello\n');
      } finally {
        delete process.env['SSH_AUTH_SOCK'];
        await agent.stop();
      }
    });

    it('tells each key that did not do, and why', async () => {
      makeKey(join(folder, 'stranger'));
      admit(folder, 'closed', [sshd], { passphrase: 'x' });
      const fault = await refusal(greet({}, { identities: ['stranger', 'closed', 'missing'] }));
      expect(fault.message).to.match(
        /^Machine "edge" \(\w+@127\.0\.0\.1:\d+\) refuses the login: /,
      );
      expect(fault.message).to.include(
        `key file "${join(folder, 'stranger')}": the server does not accept it; ` +
          `key file "${join(folder, 'closed')}": it has a passphrase, and there is no terminal`,
      );
      expect(fault.message).to.include(
        `key file "${join(folder, 'missing')}": there is no such file`,
      );
      expect(fault.message).to.include('the server offers: publickey');
      expect(fault.help).to.include('ssh-add');
    });

    it('tells how often a server lets one try', async () => {
      const strict = await startSshd({ config: ['MaxAuthTries 2'] });
      try {
        trust(folder, strict.knownHost());
        const names = ['one', 'two', 'three'].map((name) => `tries-${name}`);
        for (const name of names) makeKey(join(folder, name));
        const to = destination(strict, { identities: names });
        const fault = await refusal(connectSsh(optionsTo(folder, to)));
        expect(fault.message).to.include('Too many authentication failures');
        expect(fault.help).to.include('IdentitiesOnly');
      } finally {
        await strict.stop();
      }
    });

    it('asks for a password only where the server offers it', async () => {
      const asking = await startSshd({
        config: ['PasswordAuthentication yes', 'PubkeyAuthentication no'],
      });
      try {
        trust(folder, asking.knownHost());
        const to = destination(asking, { user: 'nobody' });
        const alone = await refusal(connectSsh(optionsTo(folder, to)));
        expect(alone.message).to.include('password: there is no terminal to ask for it');
        const questions: string[] = [];
        const ask = (question: string): Promise<string> => {
          questions.push(question);
          return Promise.resolve('guess');
        };
        await refusal(connectSsh(optionsTo(folder, to, { ask })));
        expect(questions).to.deep.equal(
          Array<string>(3).fill(`Password of nobody@127.0.0.1:${asking.port}: `),
        );
      } finally {
        await asking.stop();
      }
    });

    for (const { method, config } of [
      { method: 'password', config: ['PasswordAuthentication yes', 'UsePAM no'] },
      {
        method: 'keyboard-interactive',
        config: ['KbdInteractiveAuthentication yes', 'UsePAM yes'],
      },
    ])
      it(`gets in by ${method}, and asks once for all connections`, async function () {
        if (process.getuid?.() !== 0) this.skip();
        const account = { name: 'somebody', password: 'correct horse' };
        const asking = await startSshd({ account, config: [...config, 'PubkeyAuthentication no'] });
        try {
          trust(folder, asking.knownHost());
          const questions: string[] = [];
          const typed = ['wrong', account.password];
          const ask = (question: string): Promise<string> => {
            questions.push(question);
            return Promise.resolve(typed.shift() ?? '');
          };
          const options = optionsTo(folder, destination(asking, { user: account.name }), { ask });
          expect(await outputOf(options, 'id -un')).to.equal('somebody\n');
          expect(await outputOf(options, 'id -un')).to.equal('somebody\n');
          expect(questions).to.have.lengthOf(2);
          expect(questions[0])
            .to.match(/somebody@127\.0\.0\.1:\d+/)
            .and.match(/password/i);
        } finally {
          await asking.stop();
        }
      });
  });

  describe('checking host keys', () => {
    const reply = (): Promise<string> => greet();
    const printed = (type: string): string =>
      execFileSync('ssh-keygen', ['-lf', join(sshd.folder, `host_${type}.pub`)], {
        encoding: 'utf8',
      }).split(' ')[1] ?? '';

    it('refuses an unknown key with its fingerprint and a command that accepts it', async () => {
      trust(folder, '');
      const fault = await refusal(reply());
      expect(fault.message).to.include(`ssh-ed25519 ${printed('ed25519')}`);
      // The key that was shown, and not one that is fetched afterwards.
      const line = sshd.knownHost().trimEnd();
      expect(fault.help)
        .to.match(/run: echo '.*' >> \S+$/)
        .and.include(`echo '${line}'`);
      runHelp(fault.help);
      expect(await reply()).to.equal('hello\n');
    });

    it('refuses a changed key with file and line, and a command that replaces it', async () => {
      const other = sshd.knownHost().replace(/AAAA\S+/, (key) => `${key.slice(0, -4)}AAAA`);
      trust(folder, `# a comment\n${other}`);
      const fault = await refusal(reply());
      expect(fault.message).to.include('has changed');
      expect(fault.message).to.include(`line 2 of "${join(folder, 'known_hosts')}"`);
      expect(fault.message).to.include(printed('ed25519'));
      expect(fault.help).to.match(/run: ssh-keygen -R .* && echo '.*' >> \S+$/);
      runHelp(fault.help);
      expect(await reply()).to.equal('hello\n');
    });

    it('refuses a revoked key', async () => {
      trust(
        folder,
        `${sshd.knownHost()}@revoked * ${sshd.knownHost().split(' ').slice(1).join(' ')}`,
      );
      expect((await refusal(reply())).message).to.include('is revoked');
    });

    for (const type of ['ecdsa', 'rsa'] as const)
      it(`asks for the ${type} key when that is the one it knows`, async () => {
        trust(folder, sshd.knownHost(type));
        expect(await reply()).to.equal('hello\n');
      });

    it('finds hashed names', async () => {
      execFileSync('ssh-keygen', ['-q', '-H', '-f', join(folder, 'known_hosts')], {
        stdio: 'ignore',
      });
      expect(readFileSync(join(folder, 'known_hosts'), 'utf8')).to.match(/^\|1\|/);
      expect(await reply()).to.equal('hello\n');
    });

    /** Does what the help says, as somebody who has compared the fingerprint would. */
    function runHelp(help: string | undefined): void {
      const command = /run: (.*)$/.exec(help ?? '')?.[1] ?? '';
      execFileSync('sh', ['-c', command], { stdio: 'ignore' });
    }
  });

  describe('the way', () => {
    let inner: Sshd;

    before(async () => {
      inner = await startSshd({ address: '::1' });
      admit(folder, 'inner', [inner]);
    });
    after(() => inner.stop());

    it('reaches IPv6 addresses', async () => {
      trust(folder, inner.knownHost());
      const to = destination(inner, { identities: ['inner'] });
      expect(await outputOf(optionsTo(folder, to), 'echo hello')).to.equal('hello\n');
    });

    it('goes through jump hosts, each checked and logged in to by itself', async () => {
      trust(folder, sshd.knownHost() + inner.knownHost());
      const to = destination(inner, {
        identities: ['id', 'inner'],
        jumps: [
          { host: '127.0.0.1', port: sshd.port, user: null },
          { host: 'localhost', port: sshd.port, user: null },
        ],
      });
      const fault = await refusal(connectSsh(optionsTo(folder, to)));
      expect(fault.message).to.match(
        /^The host key of jump host "localhost" \(.*\) of machine "edge" is unknown/,
      );
      expect(fault.help).to.include(`echo '[localhost]:${sshd.port} ssh-ed25519 AAAA`);
      trust(
        folder,
        sshd.knownHost() + sshd.knownHost().replace('127.0.0.1', 'localhost') + inner.knownHost(),
      );
      expect(await outputOf(optionsTo(folder, to), 'echo $SSH_CONNECTION')).to.match(/^::1 /);
    });

    it('names the jump host that cannot go on', async () => {
      trust(folder, sshd.knownHost());
      const jumps = [{ host: '127.0.0.1', port: sshd.port, user: null }];
      const fault = await refusal(
        connectSsh(optionsTo(folder, destination(sshd, { port: 1, jumps }))),
      );
      expect(fault.message).to.include('through jump host "127.0.0.1"');
      expect(fault.message).to.include('Connection refused');
    });

    it('follows the aliases of ~/.ssh/config', async () => {
      mkdirSync(join(folder, '.ssh'), { recursive: true });
      trust(folder, sshd.knownHost() + inner.knownHost());
      renameSync(join(folder, 'known_hosts'), join(folder, '.ssh', 'known_hosts'));
      writeFileSync(
        join(folder, '.ssh', 'config'),
        'Include hosts/*\nHost *\n  IdentityFile ~/id\n',
      );
      mkdirSync(join(folder, '.ssh', 'hosts'));
      writeFileSync(
        join(folder, '.ssh', 'hosts', 'a'),
        `Host edge\n HostName ::1\n Port ${inner.port}\n IdentityFile %d/inner\n ProxyJump gate\n` +
          `Host gate\n HostName 127.0.0.1\n Port ${sshd.port}\n`,
      );
      const to = {
        host: 'edge',
        port: null,
        user: null,
        identities: [],
        knownHosts: [],
        jumps: null,
      };
      expect(await outputOf(optionsTo(folder, to), 'echo hello')).to.equal('hello\n');
    });
  });

  describe('what is not there', () => {
    let mute: Server;

    before(async () => {
      mute = createServer().listen(0, '127.0.0.1');
      await once(mute, 'listening');
    });
    after(() => mute.close());

    const portOf = (server: Server): number => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    };

    it('tells a refused connection', async () => {
      const fault = await refusal(greet({}, { port: 1 }));
      expect(fault.message).to.match(
        /^Cannot reach machine "edge" \(\w+@127\.0\.0\.1:1\): connection refused/,
      );
    });

    it('tells a name without an address', async () => {
      const fault = await refusal(greet({}, { host: 'nowhere.invalid' }));
      expect(fault.message).to.match(/nowhere\.invalid/);
    });

    it('tells a server that says nothing, within ConnectTimeout', async () => {
      mkdirSync(join(folder, '.ssh'), { recursive: true });
      writeFileSync(join(folder, '.ssh', 'config'), 'ConnectTimeout 1\n');
      const fault = await refusal(greet({}, { port: portOf(mute) }));
      expect(fault.message).to.include('no login within 1 s');
    });

    it('tells a server of another kind', async () => {
      const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
        0,
        '127.0.0.1',
      );
      await once(web, 'listening');
      const fault = await refusal(greet({}, { port: portOf(web) }));
      expect(fault.message).to.match(/Cannot talk to|ended the connection before the login/);
      web.close();
    });

    it('tells that no algorithm is shared', async () => {
      const old = await startSshd({ config: ['KexAlgorithms diffie-hellman-group14-sha1'] });
      try {
        const fault = await refusal(connectSsh(optionsTo(folder, destination(old))));
        expect(fault.message).to.include('shares no key exchange algorithm with runner');
      } finally {
        await old.stop();
      }
    });

    it('stops when it is told to', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const connecting = connectSsh(
        optionsTo(folder, destination(sshd, { port: portOf(mute) }), { signal: controller.signal }),
      );
      controller.abort(reason);
      const found: unknown = await connecting.catch((error: unknown) => error);
      expect(found).to.equal(reason);
    });
  });
});
