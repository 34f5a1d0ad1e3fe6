// A relay of a test's own, with real sockets.
import type { RelaySpec, StreamAddress } from '../../../../src/model/relay.ts';
import { addressesToListenOn } from '../../../../src/agent/relay/addresses-of.ts';
import { RelayThread } from '../../../../src/agent/relay/relay-thread.ts';
import type { RelayNews } from '../../../../src/model/relay-news.ts';
import { RAW_PROTOCOL, RELAY_LIMITS } from '../../../../src/model/relay-defaults.ts';

export interface TestRelay {
  readonly thread: RelayThread;
  readonly listening: readonly string[];
  readonly port: number;
  readonly news: readonly RelayNews[];
  readonly audits: readonly string[];
  /** Resolves when the news has such an entry. */
  heard(isWanted: (news: RelayNews) => boolean): Promise<RelayNews>;
  stop(): Promise<void>;
}

export const relaySpec = (
  listen: StreamAddress,
  target: StreamAddress | 'original',
  more: Partial<RelaySpec> = {},
): RelaySpec => ({
  ...{ listen, target, protocol: RAW_PROTOCOL, limits: RELAY_LIMITS },
  ...{ transparent: false, ordering: 'all', workers: 0, onFramingFault: 'pass' },
  ...{ rules: [], faults: [], fuzz: null, control: null },
  ...more,
});

export async function startRelay(
  listen: StreamAddress,
  target: StreamAddress | 'original',
  more: Partial<RelaySpec> = {},
): Promise<TestRelay> {
  const news: RelayNews[] = [];
  const audits: string[] = [];
  const waiting = new Set<() => void>();
  const thread = new RelayThread(
    {
      spec: relaySpec(listen, target, more),
      seed: 1,
      listenOn: await addressesToListenOn(listen),
      namespaceFd: null,
    },
    {
      isQuiet: false,
      news: (more) => {
        news.push(...more);
        for (const look of waiting) look();
      },
      audit: (text) => {
        audits.push(...text.trimEnd().split('\n'));
        return Promise.resolve();
      },
      statistics: () => undefined,
      loss: () => undefined,
      broken: () => undefined,
    },
  );
  const listening = await thread.listening;
  return {
    ...{ thread, listening, news, audits },
    port: Number(/:(\d+)$/.exec(listening[0] ?? '')?.[1] ?? 0),
    heard: (isWanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = news.find(isWanted);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    stop: () => thread.stop(),
  };
}
