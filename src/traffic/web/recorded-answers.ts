// Which answer of recordings a request gets.
import type { HarEntry } from '../../wire/har.ts';

export interface WebRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Lower case, without the port. */
  readonly host: string;
  /** Path and query as the request line has them. */
  readonly target: string;
}

export interface RecordedAnswers {
  /** Whether there is anything of this host. */
  readonly has: (host: string) => boolean;
  /** Null: nothing of this path was recorded. */
  readonly find: (request: WebRequest) => HarEntry | null;
}

/**
 * The same method, scheme, host and path, and of these the same query or else the nearest: the one with most parameters in common, then with
 * most names of parameters in common, then with the fewest others, then the first. Of several answers to the same request, the first.
 */
export function createRecordedAnswers(entries: readonly HarEntry[]): RecordedAnswers {
  const byPath = new Map<string, HarEntry[]>();
  const schemes = new Map<string, Set<HarEntry['scheme']>>();
  for (const entry of entries) {
    const key = keyOf(entry.method, entry.scheme, entry.host, entry.path);
    const same = byPath.get(key);
    if (same === undefined) byPath.set(key, [entry]);
    else same.push(entry);
    schemes.set(entry.host, (schemes.get(entry.host) ?? new Set()).add(entry.scheme));
  }
  return {
    has: (host) => schemes.has(host),
    find: ({ method, scheme, host, target }) => {
      // A host that was never asked over this scheme answers as over the other.
      const known = schemes.get(host);
      const spoken = known?.has(scheme) === false ? [...known] : [scheme];
      const { path, query } = partsOf(target);
      for (const asked of method === 'HEAD' ? ['HEAD', 'GET'] : [method])
        for (const one of spoken) {
          const same = byPath.get(keyOf(asked, one, host, path));
          if (same !== undefined) return nearestOf(same, query);
        }
      return null;
    },
  };
}

const keyOf = (method: string, scheme: string, host: string, path: string): string =>
  `${method} ${scheme} ${host} ${path}`;

/** A target in the form of a proxy's request has the rest of the URL before it. */
function partsOf(target: string): { readonly path: string; readonly query: string } {
  const own = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  const mark = own.indexOf('?');
  const path = mark < 0 ? own : own.slice(0, mark);
  return { path: path === '' ? '/' : path, query: mark < 0 ? '' : own.slice(mark + 1) };
}

function nearestOf(entries: readonly HarEntry[], query: string): HarEntry | null {
  const wished = parametersOf(query);
  let best: HarEntry | null = null;
  let bestScore: Score = [-1, -1, 0];
  for (const entry of entries) {
    if (entry.query === query) return entry;
    const score = scoreOf(wished, parametersOf(entry.query));
    if (best !== null && !isBetter(score, bestScore)) continue;
    best = entry;
    bestScore = score;
  }
  return best;
}

type Score = readonly [parameters: number, names: number, others: number];

const parametersOf = (query: string): string[] => (query === '' ? [] : query.split('&'));

const nameOf = (parameter: string): string => parameter.replace(/=.*$/s, '');

function scoreOf(wished: readonly string[], found: readonly string[]): Score {
  const parameters = common(wished, found);
  const names = common(wished.map(nameOf), found.map(nameOf));
  return [parameters, names, wished.length + found.length - 2 * names];
}

/** How many of `left` are in `right`, one for one. */
function common(left: readonly string[], right: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const item of right) counts.set(item, (counts.get(item) ?? 0) + 1);
  return left.filter((item) => {
    const count = counts.get(item) ?? 0;
    counts.set(item, count - 1);
    return count > 0;
  }).length;
}

function isBetter([parameters, names, others]: Score, than: Score): boolean {
  if (parameters !== than[0]) return parameters > than[0];
  if (names !== than[1]) return names > than[1];
  return others < than[2];
}
