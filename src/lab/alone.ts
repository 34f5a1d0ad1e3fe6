// Processes that do one thing by hand: no lab, no namespaces, this machine's own network stack.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Fault } from '../base/fault.ts';
import type { AloneEnding, AloneNews, AloneOrder } from '../model/alone.ts';
import type { RelayAloneNews, RelayAloneOrder } from '../model/relay-alone.ts';

export interface AloneProcess<News> {
  /** What it says, up to its end. Throws what kept it from going on. */
  readonly news: AsyncIterable<Exclude<News, AloneEnding>>;
  /** Ends it, and what it has in the machine. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

/** Plays one party of a script. `file` is its bundle. */
export const startAlone = (file: string, order: AloneOrder): AloneProcess<AloneNews> =>
  start(file, order, 'The process that plays');

/** Carries a relay. */
export const startAloneRelay = (
  file: string,
  order: RelayAloneOrder,
): AloneProcess<RelayAloneNews> => start(file, order, 'The process that relays');

function start<News extends { readonly kind: string }>(
  file: string,
  order: object,
  what: string,
): AloneProcess<News> {
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

  async function* listen(): AloneProcess<News>['news'] {
    for await (const line of createInterface({ input: child.stdout })) {
      // The process of this same version wrote it.
      const news = JSON.parse(line) as Exclude<News, AloneEnding> | AloneEnding;
      if (isBroken(news)) {
        const { kind, message, help } = news.fault;
        throw new Fault(kind, message, { help });
      }
      if (isEnd(news)) {
        await gone;
        return;
      }
      yield news;
    }
    const reason = await gone;
    if (!isStopped) throw new Fault('run', `${what} ended: ${reason}`);
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

interface Kind {
  readonly kind: string;
}
const isBroken = (news: Kind): news is Extract<AloneEnding, { kind: 'broken' }> =>
  news.kind === 'broken';
const isEnd = (news: Kind): news is Extract<AloneEnding, { kind: 'end' }> => news.kind === 'end';
