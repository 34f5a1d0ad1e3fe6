// `between` → who speaks with whom, by names and ports as written.
import type { Traffic } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { reportBridge } from '../places.ts';
import type { Lab } from '../lab.ts';
import { splitPort } from '../targets.ts';
import type { Node } from '../topology.ts';

/** One end as written. */
export interface End {
  readonly party: string;
  readonly node: Node;
  /** Undefined: not written. */
  readonly port: number | undefined;
  readonly path: Path;
}

export interface Pair {
  readonly from: End;
  readonly to: End;
}

type Endpoints = Pick<Traffic, 'name' | 'between' | 'from' | 'to' | 'parties'>;

/** Undefined, with a report, when it cannot be said who speaks with whom. */
export function resolvePairs(
  context: Context,
  lab: Lab,
  entry: Endpoints,
  path: Path,
): readonly Pair[] | undefined {
  const words = pairsOf(context, entry, path);
  if (words === undefined) return undefined;
  const pairs = words.map(([from, to]) => ({
    from: endOf(context, lab, entry, from),
    to: endOf(context, lab, entry, to),
  }));
  const known = pairs.flatMap(({ from, to }): Pair[] =>
    from === undefined || to === undefined ? [] : [{ from, to }],
  );
  if (known.length < pairs.length) return undefined;
  for (const { from, to } of known)
    if (from.party === to.party) {
      context.report('S159', to.path, `The party "${to.party}" cannot speak with itself`, {
        help: `For two parties of one host, name them: parties: { left: ${to.node.name}, right: ${to.node.name} }`,
      });
      return undefined;
    }
  return known;
}

interface Word {
  readonly text: string;
  readonly path: Path;
}

function pairsOf(
  context: Context,
  { name, between, from, to }: Endpoints,
  path: Path,
): readonly (readonly [Word, Word])[] | undefined {
  if (between === undefined) {
    if (from !== undefined && to !== undefined)
      return [
        [
          { text: from, path: [...path, 'from'] },
          { text: to, path: [...path, 'to'] },
        ],
      ];
    context.report('S097', path, `The flow "${name}" is between nobody`, {
      help: 'Add "between: [client, server:9000]": the last listens, and the others connect to it',
    });
    return undefined;
  }
  const at = [...path, 'between'];
  const items = between.map((item, index) => wordsOf(item, [...at, index]));
  const lists = items.flatMap((item) => ('text' in item ? [] : [item]));
  const plain = items.flatMap((item) => ('text' in item ? [item] : []));
  const listener = plain.at(-1);
  if (lists.length === 0 && listener !== undefined && plain.length > 1)
    return plain.slice(0, -1).map((word) => [word, listener] as const);
  const pairs = lists.flatMap(({ words: [left, right, ...more] }) =>
    left !== undefined && right !== undefined && more.length === 0 ? [[left, right] as const] : [],
  );
  if (plain.length === 0 && pairs.length === lists.length) return pairs;
  context.report('S159', at, `Expected two or more parties, or a list of pairs, in "between"`, {
    help: 'Write [client, server:9000], or [[client, proxy:8080], [proxy, server:80]]',
  });
  return undefined;
}

const wordsOf = (
  item: string | readonly string[],
  path: Path,
): Word | { readonly words: readonly Word[] } =>
  typeof item === 'string'
    ? { text: item, path }
    : { words: item.map((text, index) => ({ text, path: [...path, index] })) };

function endOf(
  context: Context,
  lab: Lab,
  { parties = {} }: Endpoints,
  { text, path }: Word,
): End | undefined {
  const split = splitPort(text);
  if (split === undefined || split.port === 0 || (split.port ?? 1) > 65_535) {
    context.report(
      'S159',
      path,
      `Expected a host and a port such as "server:9000", found "${text}"`,
      { help: 'Ports are whole numbers from 1 to 65535' },
    );
    return undefined;
  }
  const { host, port } = split;
  const named = Object.hasOwn(parties, host) ? parties[host] : undefined;
  const node = lab.topology.nodes.get(named ?? host);
  if (node === undefined) {
    if (named === undefined) reportUnknown(context, host, path, Object.keys(parties));
    return undefined;
  }
  if (node.bridge !== undefined) {
    reportBridge(context, node, path);
    return undefined;
  }
  if (named !== undefined) return { party: host, node, port, path };
  const names = Object.entries(parties).filter(([, at]) => at === host);
  const [only, other] = names;
  if (other === undefined) return { party: only?.[0] ?? host, node, port, path };
  context.report('S159', path, `The ${node.kind} "${host}" has several parties`, {
    help: `Name one: ${names.map(([name]) => name).join(', ')}`,
  });
  return undefined;
}

function reportUnknown(
  context: Context,
  word: string,
  path: Path,
  parties: readonly string[],
): void {
  if (context.off.nodes.has(word))
    context.report(
      'S061',
      path,
      `The ${context.kindOf(word)} "${word}" is switched off by its "when"`,
      {
        help: 'Give this part the same "when"',
      },
    );
  else if (!context.written.nodes.has(word))
    context.report('S060', path, `There is no host or container "${word}"`, {
      help:
        context.suggest(word, [...parties, ...context.written.nodes.keys()]) ??
        `Declare it: hosts: { ${word}: {} }`,
    });
}
