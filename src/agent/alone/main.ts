// One party of a script outside any lab: takes its order from standard input, plays in the network stack that it was started
// in, says what happened on standard output. It ends when its input does, and leaves nothing.
import type { AloneNews, AloneOrder } from '../../model/alone.ts';
import { toAgentFault } from '../rpc.ts';
import { checkPlace } from './check-place.ts';
import type { PartyPlayer } from './party-player.ts';
import { playAgain } from './play-again.ts';
import { createRawPlayer } from './raw-player.ts';
import { createSocketPlayer } from './socket-player.ts';

let player: PartyPlayer | undefined;
let isEnding = false;

process.stdout.on('error', () => undefined);
process.stdin.setEncoding('utf8');
let input = '';
process.stdin.on('data', (text: string) => {
  const isWhole = input.includes('\n');
  input += text;
  if (!isWhole && input.includes('\n')) void play(input);
});
process.stdin.on('end', () => void end(null));

async function play(line: string): Promise<void> {
  try {
    // The runner of this same version wrote it.
    const order = JSON.parse(line) as AloneOrder;
    const { spec, playFor } = order;
    await checkPlace(spec);
    const isRaw = spec.transport.startsWith('raw-');
    player = isRaw ? createRawPlayer(order, tell) : await createSocketPlayer(order);
    await playAgain({
      ...{ spec, playFor, player },
      onReady: () => tell({ kind: 'ready' }),
      onPlay: (report) => tell({ kind: 'play', report }),
    });
    await end({ kind: 'end' });
  } catch (error) {
    await end({ kind: 'broken', fault: toAgentFault(error) });
  }
}

/** Null: nobody listens any more. */
async function end(last: AloneNews | null): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await player?.stop();
  if (last)
    await new Promise<void>((resolve) => process.stdout.write(lineOf(last), () => resolve()));
  process.exit();
}

function tell(news: AloneNews): void {
  if (!isEnding) process.stdout.write(lineOf(news));
}

const lineOf = (news: AloneNews): string => `${JSON.stringify(news)}\n`;
