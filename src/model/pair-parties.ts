// When plays of one script overlap, a connection is taken by whichever play waits for one: the same five-tuple says what
// belongs together.
import type { ChannelTuple, PartyReport } from './script.ts';

type WithTuples = Pick<PartyReport, 'tuples'>;

/** Whether two ends have the same addresses and ports on every channel that both have. */
export const areOfOnePlay = (one: WithTuples, other: WithTuples): boolean =>
  one.tuples.every((tuple) =>
    other.tuples.every((peer) => tuple.channel !== peer.channel || isSame(tuple, peer)),
  );

/** Whether two ends are of one connection. */
export const areConnected = (one: WithTuples, other: WithTuples): boolean =>
  one.tuples.some((tuple) => other.tuples.some((peer) => isSame(tuple, peer)));

const isSame = (one: ChannelTuple, other: ChannelTuple): boolean =>
  one.channel === other.channel &&
  one.source === other.source &&
  one.sourcePort === other.sourcePort &&
  one.destination === other.destination &&
  one.destinationPort === other.destinationPort;

export interface Pairing {
  /** Gives each play the reports that belong to its first party, as far as they come within a second. */
  settle(reports: readonly PartyReport[]): Promise<readonly PartyReport[]>;
}

/** A play that lacks the other end of its own connection. */
interface Incomplete {
  readonly reports: PartyReport[];
  readonly resolve: () => void;
}

/** `later` calls back after a while, unless the function that it gives back is called. */
export function createPairing(later: (give: () => void) => () => void): Pairing {
  const waiting = new Set<Incomplete>();
  return {
    settle: (given) => {
      const reports = [...given];
      for (const other of waiting) {
        if (isWhole(reports)) break;
        exchange(reports, other.reports);
        if (isWhole(other.reports)) other.resolve();
      }
      if (isWhole(reports)) return Promise.resolve(reports);
      return new Promise((resolve) => {
        const entry: Incomplete = {
          reports,
          resolve: () => {
            waiting.delete(entry);
            forget();
            resolve(reports);
          },
        };
        const forget = later(entry.resolve);
        waiting.add(entry);
      });
    },
  };
}

const isWhole = ([first, ...others]: readonly PartyReport[]): boolean =>
  first === undefined || others.every((other) => areOfOnePlay(first, other));

/** Swaps reports of the same party where one of the plays gets what is its own. */
function exchange(one: PartyReport[], other: PartyReport[]): void {
  const [first] = one;
  const [peer] = other;
  if (!first || !peer) return;
  for (const [index, report] of one.entries()) {
    const place = other.findIndex(({ party }) => party === report.party);
    const candidate = other[place];
    if (index === 0 || place < 1 || !candidate) continue;
    const isBetter = !areOfOnePlay(first, report) && areConnected(first, candidate);
    const isBetterThere = !areOfOnePlay(peer, candidate) && areConnected(peer, report);
    if (!isBetter && !isBetterThere) continue;
    one[index] = candidate;
    other[place] = report;
  }
}
