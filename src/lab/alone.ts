// The process that plays one party of a script by hand: no lab, no namespaces, this machine's own network stack.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Fault } from '../base/fault.ts';
import type { AloneNews, AloneOrder } from '../model/alone.ts';

export interface AloneParty {
  /** What it says, up to its end. Throws what kept it from playing. */
  readonly news: AsyncIterable<Exclude<AloneNews, { kind: 'broken' | 'end' }>>;
  /** Ends it, and what it has in the machine. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

/** `file` is its bundle. */
export function startAlone(file: string, order: AloneOrder): AloneParty {
  // In a session of its own: Ctrl-C at the terminal is for runner, which ends it in peace. It ends by itself with runner.
  const child = spawn(process.execPath, [file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const gone = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code ?? -1}`));
  });
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(order)}\n`);
  let isStopped = false;

  async function* listen(): AloneParty['news'] {
    for await (const line of createInterface({ input: child.stdout })) {
      // The process of this same version wrote it.
      const news = JSON.parse(line) as AloneNews;
      switch (news.kind) {
        case 'ready':
        case 'play':
        case 'loss':
          yield news;
          break;
        case 'broken': {
          const { kind, message, help } = news.fault;
          throw new Fault(kind, message, { help });
        }
        case 'end':
          await gone;
          return;
      }
    }
    const reason = await gone;
    if (!isStopped) throw new Fault('run', `The process that plays ended: ${reason}`);
  }
  return {
    news: listen(),
    stop: () => {
      isStopped = true;
      child.stdin.end();
    },
    kill: () => {
      isStopped = true;
      child.kill('SIGKILL');
    },
  };
}
