// A dockerd of a test's own, to be stopped and killed as it likes. It has a network namespace for itself: told to do without
// a bridge, dockerd removes docker0, which may be another engine's.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const START_MS = 30_000;
const STOP_MS = 30_000;

export class PrivateEngine {
  /** Short: a socket's path has 107 characters at most. */
  readonly #folder = mkdtempSync('/tmp/runner-private-engine-');
  readonly address: string = `unix://${this.#folder}/docker.sock`;
  #daemon: ChildProcess | undefined;

  /** Starts it unless it runs, on the data of an earlier start; settles when it answers. */
  async start(): Promise<void> {
    if (this.#answers()) return;
    const path = (name: string): string => join(this.#folder, name);
    const log = openSync(path('log'), 'a');
    const args = [
      ...['--data-root', path('data'), '--exec-root', path('exec'), '--pidfile', path('pid')],
      ...['--host', this.address, '--bridge', 'none', '--iptables=false', '--ip6tables=false'],
      ...['--containerd-namespace', `runner-test-${process.pid}`],
    ];
    const daemon = spawn('unshare', ['--net', 'dockerd', ...args], { stdio: ['ignore', log, log] });
    this.#daemon = daemon;
    for (const end = performance.now() + START_MS; !this.#answers();) {
      if (performance.now() > end || daemon.exitCode !== null)
        throw new Error(
          `dockerd did not start:\n${readFileSync(path('log'), 'utf8').slice(-2000)}`,
        );
      await wait(100);
    }
  }

  docker(...args: string[]): string {
    const environment = { ...process.env, DOCKER_HOST: this.address };
    return execFileSync('docker', args, {
      encoding: 'utf8',
      stdio: 'pipe',
      env: environment,
      timeout: START_MS,
    }).trim();
  }

  /** Ends it in peace, which stops its containers, or outright, which leaves them running. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const daemon = this.#daemon;
    if (daemon?.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'exit');
    daemon.kill(signal);
    const late = setTimeout(() => daemon.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  }

  /** Stops it and takes away all that it made. */
  async remove(): Promise<void> {
    await this.stop();
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .filter((place) => place.startsWith(`${this.#folder}/`));
    for (const place of mounts.toReversed()) execFileSync('umount', ['--lazy', place]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #answers(): boolean {
    try {
      this.docker('version');
      return true;
    } catch {
      return false;
    }
  }
}
