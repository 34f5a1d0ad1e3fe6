// How a process of its own talks to runner: takes its order from standard input, says what happens on standard output, one JSON
// object a line. It ends when its input does, and leaves nothing.
import type { AloneEnding } from '../../model/alone.ts';
import { toAgentFault } from '../rpc.ts';

export interface AloneWork<Order, News> {
  /** Resolves when it is done by itself. */
  begin(order: Order, tell: (...news: readonly News[]) => void): Promise<void>;
  /** Leaves nothing; gives what is to be said last. */
  stop(): Promise<readonly News[]>;
}

export function converse<Order, News>(work: AloneWork<Order, News>): void {
  let isEnding = false;
  const tell = (...news: readonly News[]): void => {
    if (!isEnding) process.stdout.write(news.map(lineOf).join(''));
  };
  const end = async (last: AloneEnding | null): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    const words = [...(await work.stop()), ...(last === null ? [] : [last])];
    if (words.length > 0)
      await new Promise<void>((resolve) =>
        process.stdout.write(words.map(lineOf).join(''), () => resolve()),
      );
    process.exit();
  };
  const begin = async (line: string): Promise<void> => {
    try {
      // The runner of this same version wrote it.
      await work.begin(JSON.parse(line) as Order, tell);
      await end({ kind: 'end' });
    } catch (error) {
      await end({ kind: 'broken', fault: toAgentFault(error) });
    }
  };

  process.stdout.on('error', () => undefined);
  process.stdin.setEncoding('utf8');
  let input = '';
  process.stdin.on('data', (text: string) => {
    const isWhole = input.includes('\n');
    input += text;
    if (!isWhole && input.includes('\n')) void begin(input);
  });
  process.stdin.on('end', () => void end(null));
}

const lineOf = (news: unknown): string => `${JSON.stringify(news)}\n`;
