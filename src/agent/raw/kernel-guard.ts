// Keeps a node's kernel from answering for raw endpoints, by rules that last as long as a process of ours.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { Fault } from '../../base/fault.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { type GuardedPair, guardScript } from './guard-script.ts';

export interface KernelGuard {
  /** Resolves when the rules are gone. */
  close(): Promise<void>;
}

const LIMIT_MS = 10_000;
let guards = 0;

/** Resolves when the kernel of the namespace of `fd` answers nothing any more for these pairs. */
export async function openKernelGuard(
  fd: number,
  pairs: readonly GuardedPair[],
): Promise<KernelGuard> {
  guards += 1;
  const table = `runner_raw_${process.pid}_${guards}`;
  const child = inNamespace(fd, () =>
    // nft keeps a history of what it is told under HOME.
    spawn('nft', ['--interactive'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HOME: '/dev/null', TERM: 'dumb' },
    }),
  );
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin.on('error', () => undefined);
  child.stdin.write(guardScript(table, pairs));
  try {
    await answered(child, table);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    close() {
      child.stdin.end();
      return gone;
    },
  };
}

type Nft = ChildProcessByStdio<Writable, Readable, Readable>;

/** It says nothing of what it has done, so it is asked for the table afterwards; what it cannot do it says at once. */
async function answered(child: Nft, table: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const refuse = (reason: string, cause?: unknown): void => reject(refusal(reason, cause));
      let output = '';
      let complaint = '';
      timer = setTimeout(() => refuse(`no answer within ${LIMIT_MS} ms`), LIMIT_MS);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (output.length < 8192) output += text;
        if (output.includes(table)) resolve();
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        if (complaint.length < 8192) complaint += text;
        refuse(complaint.trim());
      });
      child.once('error', (error) => refuse(error.message, error));
      child.once('close', (code) => refuse(complaint.trim() || `exit code ${code ?? -1}`));
    });
  } finally {
    clearTimeout(timer);
  }
}

const refusal = (reason: string, cause: unknown): Fault =>
  new Fault(
    'machine',
    `The kernel cannot be kept from answering for raw endpoints: "nft" gave ${reason}`,
    {
      help: 'Raw transports need nftables: "sudo apt-get install nftables", and Linux 5.12 or newer',
      cause,
    },
  );
