// A PostgreSQL server of the test's own, on a Unix socket alone: each user proves itself another way.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INSTALLED = '/usr/lib/postgresql';
export const PASSWORD = 'pencil, 11 €';
/** Users, with how they prove themselves. */
export const METHODS = {
  trusted: 'trust',
  clear: 'password',
  digest: 'md5',
  scram: 'scram-sha-256',
} as const;

export class PostgresServer {
  readonly #folder: string;
  readonly #account: { readonly uid?: number; readonly gid?: number };
  #process: ChildProcess | null = null;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'netscenario-postgres-'));
    this.#account = accountOf();
    const { uid, gid } = this.#account;
    if (uid !== undefined && gid !== undefined) chownSync(this.#folder, uid, gid);
  }

  get socket(): string {
    return join(this.#folder, '.s.PGSQL.5432');
  }

  async start(): Promise<void> {
    const data = join(this.#folder, 'data');
    this.#run('initdb', ['-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--no-sync']);
    const rules = Object.entries(METHODS).map(([user, method]) => `local all ${user} ${method}`);
    writeFileSync(join(data, 'pg_hba.conf'), ['local all owner trust', ...rules, ''].join('\n'));
    appendFileSync(
      join(data, 'postgresql.conf'),
      `listen_addresses = ''\nunix_socket_directories = '${this.#folder}'\nfsync = off\n`,
    );
    this.#process = spawn(join(binaries(), 'postgres'), ['-D', data], {
      ...this.#account,
      cwd: this.#folder,
      stdio: 'ignore',
    });
    await this.#isUp();
    for (const user of Object.keys(METHODS)) this.#create(user);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process?.once('exit', resolve) ?? resolve(null));
    this.#process?.kill('SIGINT');
    await ended;
    rmSync(this.#folder, { recursive: true });
  }

  #create(user: string): void {
    const stored = user === 'digest' ? 'md5' : 'scram-sha-256';
    const password = PASSWORD.replaceAll("'", "''");
    const words = `SET password_encryption = '${stored}'; CREATE USER ${user} PASSWORD '${password}'`;
    this.#run('psql', ['-h', this.#folder, '-U', 'owner', '-d', 'postgres', '-qc', words]);
  }

  async #isUp(): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt += 1) {
      if (existsSync(this.socket)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('PostgreSQL did not come up');
  }

  #run(program: string, argv: readonly string[]): void {
    execFileSync(join(binaries(), program), [...argv], {
      ...this.#account,
      cwd: this.#folder,
      stdio: 'pipe',
    });
  }
}

function binaries(): string {
  const versions = readdirSync(INSTALLED).filter((name) =>
    existsSync(join(INSTALLED, name, 'bin', 'initdb')),
  );
  return join(INSTALLED, versions.sort().at(-1) ?? '', 'bin');
}

/** PostgreSQL refuses to run as root: its own account, which its package makes. */
function accountOf(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
