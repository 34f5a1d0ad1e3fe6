// One party of a script outside any lab, played in the network stack that it was started in.
import type { AloneNews, AloneOrder } from '../../model/alone.ts';
import { checkPlace } from './check-place.ts';
import { converse } from './conversation.ts';
import type { PartyPlayer } from './party-player.ts';
import { playAgain } from './play-again.ts';
import { createRawPlayer } from './raw-player.ts';
import { createSocketPlayer } from './socket-player.ts';

let player: PartyPlayer | undefined;

converse<AloneOrder, AloneNews>({
  begin: async (order, tell) => {
    const { spec, playFor } = order;
    await checkPlace(spec);
    const isRaw = spec.transport.startsWith('raw-');
    player = isRaw ? createRawPlayer(order, tell) : await createSocketPlayer(order);
    await playAgain({
      ...{ spec, playFor, player },
      onReady: () => tell({ kind: 'ready' }),
      onPlay: (report) => tell({ kind: 'play', report }),
    });
  },
  stop: async () => {
    await player?.stop();
    return [];
  },
});
