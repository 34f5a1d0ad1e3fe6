// A machine that is this one: its programs run here, and its connection can be cut.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Fault } from '../../../../src/base/fault.ts';
import type { FarMachine } from '../../../../src/lab/far/far-machine.ts';
import type { SshChannel } from '../../../../src/ssh/ssh.ts';

export interface Here extends FarMachine {
  /** The command lines that were run. */
  readonly ran: (readonly string[])[];
}

/**
 * `cuts` says, connection by connection, after how many bytes of output each is lost; with `away` there is none: the machine
 * cannot be reached.
 */
export function machineHere(cuts: readonly (number | 'away')[] = []): Here {
  const left = [...cuts];
  const ran: (readonly string[])[] = [];
  return {
    name: 'here',
    facts: {
      reached: 'root@here.example:22',
      address: '192.0.2.1',
      peer: '192.0.2.2',
      kernel: 'Linux',
      uid: 0,
    },
    ran,
    run: (argv) => {
      ran.push(argv);
      const cut = left.shift();
      return cut === 'away'
        ? Promise.reject(new Fault('machine', 'Nothing answers'))
        : Promise.resolve(channelOf(argv, cut));
    },
    startAgent: () => Promise.reject(new Error('It runs programs only')),
    close: () => undefined,
  };
}

function channelOf(
  [program = '', ...rest]: readonly string[],
  cut: number | undefined,
): SshChannel {
  const child = spawn(program, rest, { stdio: 'pipe' });
  let isLost = false;
  let isCut = false;
  let seen = 0;
  const lose = (): void => {
    isLost = true;
    child.stdout.destroy();
    child.stdin.destroy();
    child.kill('SIGKILL');
  };
  if (cut !== undefined) {
    const { stdout } = child;
    const push = stdout.push.bind(stdout);
    stdout.push = (chunk: Buffer | null, ...others) => {
      if (isCut) return false;
      seen += chunk?.length ?? 0;
      if (chunk === null || seen <= cut) return push(chunk, ...others);
      isCut = true;
      const more = push(chunk.subarray(0, chunk.length - (seen - cut)), ...others);
      setImmediate(lose);
      return more;
    };
  }
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended: once(child, 'close').then(([code, signal]: (number | string | null)[]) =>
      isLost
        ? { code: null, signal: null }
        : {
            code: typeof code === 'number' ? code : null,
            signal: signal === null ? null : String(signal),
          },
    ),
    resize: () => undefined,
    close: lose,
  };
}
