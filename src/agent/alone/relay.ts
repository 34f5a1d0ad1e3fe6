// A relay outside any lab, in the network stack that it was started in.
import type { RelayAloneNews, RelayAloneOrder } from '../../model/relay-alone.ts';
import type { RelayStatistics } from '../../model/relay.ts';
import { type RunningRelay, startRelay } from '../relay/running-relay.ts';
import { converse } from './conversation.ts';

let relay: RunningRelay | undefined;
let statistics: RelayStatistics | undefined;

converse<RelayAloneOrder, RelayAloneNews>({
  begin: async (order, tell) => {
    const broken = new Promise<never>((_, reject) => {
      relay = startRelay(
        { ...order, namespaceFd: null },
        {
          isQuiet: order.isQuiet,
          news: (news) => tell(...news),
          statistics: (counted) => {
            statistics = counted;
          },
          loss: (count, what) => tell({ kind: 'loss', count, what }),
          broken: reject,
        },
      );
    });
    broken.catch(() => undefined);
    if (relay) tell({ kind: 'ready', ...(await relay.ready) });
    await broken;
  },
  stop: async () => {
    await relay?.stop();
    return statistics === undefined ? [] : [{ kind: 'statistics', statistics }];
  },
});
