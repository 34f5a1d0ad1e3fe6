import type { CensorActionKind } from '../../model/censor-action.ts';
import type { CensorCheck, CensorStatistics } from '../../model/censor-statistics.ts';

/** What a censor counts as it goes: adding allocates nothing. Rules are counted by name, so that a reload loses nothing. */
export class Tally {
  packets = 0;
  bytes = 0;
  flows = 0;
  unseen = 0;
  refused = 0;
  unjudged = 0;
  unparsable = 0;
  orphanFragments = 0;
  overflowedStreams = 0;
  readonly ignored: Record<CensorCheck, number> = {
    checksum: 0,
    hops: 0,
    md5: 0,
    ack: 0,
    window: 0,
    timestamp: 0,
    inOrder: 0,
  };
  readonly #hits = new Map<string, number>();
  readonly #actions: Partial<Record<CensorActionKind | 'residual', number>> = {};

  hit(rule: string): void {
    this.#hits.set(rule, (this.#hits.get(rule) ?? 0) + 1);
  }

  act(kind: CensorActionKind | 'residual'): void {
    this.#actions[kind] = (this.#actions[kind] ?? 0) + 1;
  }

  /** A copy, with what the tables know. `rules`: the names of the rules in force. */
  snapshot(
    rules: readonly string[],
    tables: Pick<CensorStatistics, 'known' | 'evicted' | 'brokenDatagrams'>,
  ): CensorStatistics {
    const names = new Set([...rules, ...this.#hits.keys()]);
    return {
      packets: this.packets,
      bytes: this.bytes,
      flows: this.flows,
      ...tables,
      unseen: this.unseen,
      refused: this.refused,
      unjudged: this.unjudged,
      unparsable: this.unparsable,
      orphanFragments: this.orphanFragments,
      ignored: { ...this.ignored },
      overflowedStreams: this.overflowedStreams,
      rules: [...names].map((name) => ({ name, hits: this.#hits.get(name) ?? 0 })),
      actions: { ...this.#actions },
    };
  }
}
