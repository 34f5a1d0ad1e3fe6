// What many rules and long lists cost a censor: the same generated packets through two censors that differ in nothing else, in turns.
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { DEFAULT_CENSOR } from '../../src/model/censor-defaults.ts';
import type { Match } from '../../src/model/censor-match.ts';
import type { CensorList, CensorRule } from '../../src/model/censor.ts';
import { createCensor } from '../../src/roles/censor/create-censor.ts';
import { type Figure, median } from '../figure.ts';
import { type FlowPackets, generateFlows, renumberClients } from '../flow-packets.ts';

const ROUNDS = 15;
const FLOWS = 4000;
const MANY_RULES = 1000;
const FEW_NAMES = 100;
const MANY_NAMES = 1_000_000;

type Judge = ReturnType<typeof createCensor>;

export function measureCensorRules(): Promise<readonly Figure[]> {
  const flows = generateFlows(FLOWS);
  const few = listed(FEW_NAMES);
  const many = listed(MANY_NAMES);
  const names = compare(flows, censorOf(nameRules(1)), censorOf(nameRules(MANY_RULES)));
  const heads = compare(flows, censorOf(headRules(1)), censorOf(headRules(MANY_RULES)));
  const lists = compare(flows, few.judge, many.judge);
  return Promise.resolve([
    figureOf(`${MANY_RULES} rules over names ÷ 1 rule, time per packet`, names, 1.5),
    figureOf(`${MANY_RULES} rules over prefixes and ports ÷ 1 rule, time per packet`, heads, 1.5),
    // As fast, within what two runs of the same differ by.
    figureOf(`${MANY_NAMES} names ÷ ${FEW_NAMES} names, time per packet`, lists, 1.1),
    {
      what: `memory of a censor with ${MANY_NAMES} names`,
      value: many.megabytes,
      unit: 'MB',
      wished: { atMost: 200 },
      beside: `${FEW_NAMES} names: ${few.megabytes.toFixed(1)} MB`,
    },
  ]);
}

interface Comparison {
  readonly ratio: number;
  readonly base: number;
  readonly other: number;
}

/** Packets per second of each, and how much longer the second takes. */
function compare(flows: FlowPackets, base: Judge, other: Judge): Comparison {
  const pairs: (readonly number[])[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    // Neither is always the one that finds the caches cold.
    pairs.push(
      round % 2 === 0
        ? [judgeAll(flows, base, round), judgeAll(flows, other, round)]
        : [judgeAll(flows, other, round), judgeAll(flows, base, round)].toReversed(),
    );
  const warm = pairs.slice(ROUNDS / 3);
  return {
    ratio: median(warm.map(([first = NaN, second = NaN]) => first / second)),
    base: median(warm.map(([first = NaN]) => first)),
    other: median(warm.map(([, second = NaN]) => second)),
  };
}

/** Packets per second. Each round is of other clients, so that all flows are new. */
function judgeAll(flows: FlowPackets, judge: Judge, round: number): number {
  renumberClients(flows, round);
  const { memory, starts, packets } = flows;
  const effects = { emit: () => undefined, report: () => undefined };
  const began = process.cpuUsage();
  for (let index = 0; index < packets; index += 1)
    judge.judge(
      memory,
      starts[index] ?? 0,
      starts[index + 1] ?? 0,
      1e15 + round * 1e6 + index,
      effects,
    );
  // Time of this process, not of the clock: the machine may be busy with others.
  const { user, system } = process.cpuUsage(began);
  return packets / ((user + system) / 1e6);
}

function figureOf(what: string, { ratio, base, other }: Comparison, atMost: number): Figure {
  const beside = `${Math.round(other / 1000)}k beside ${Math.round(base / 1000)}k packets/s`;
  return { what, value: ratio, unit: 'ratio', wished: { atMost }, beside };
}

function listed(count: number): { readonly judge: Judge; readonly megabytes: number } {
  const before = megabytesInUse();
  const lines = Array.from({ length: count }, (_, index) => `site-${index.toString(36)}.example`);
  const list = { file: 'names.txt', text: Buffer.from(lines.join('\n')).toString('latin1') };
  lines.length = 0;
  const match: Match = { all: [{ field: 'tls.sni', names: [], list: 0 }] };
  const judge = censorOf([ruleOf('listed', match)], [list]);
  return { judge, megabytes: megabytesInUse() - before };
}

function megabytesInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Twice: what the first one frees may hold other memory.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

const censorOf = (rules: readonly CensorRule[], lists: readonly CensorList[] = []): Judge =>
  createCensor('bench', { ...DEFAULT_CENSOR, rules, lists }, 1);

const nameRules = (count: number): readonly CensorRule[] =>
  Array.from({ length: count }, (_, index) =>
    ruleOf(`name ${index}`, {
      all: [
        { field: 'tcp.dstport', ranges: [[443, 443]] },
        { field: 'tls.sni', names: [`site-${index}.example`, `*.site-${index}.example`] },
      ],
    }),
  );

const headRules = (count: number): readonly CensorRule[] =>
  Array.from({ length: count }, (_, index) =>
    ruleOf(`prefix ${index}`, {
      all: [
        { field: 'ip.dst', prefixes: [`${prefixOf(index)}.0/24`] },
        { field: 'tcp.dstport', ranges: [[8000 + (index % 100), 8000 + (index % 100)]] },
      ],
    }),
  );

/** The first is that of all servers. */
const prefixOf = (index: number): string =>
  index === 0 ? '198.51.100' : `198.${18 + (index >> 8)}.${index & 255}`;

const ruleOf = (name: string, match: Match): CensorRule => ({
  name,
  match,
  actions: [{ kind: 'drop', direction: 'both', scope: 'flow', after: null }],
  probability: 1,
  first: null,
  engageAfter: { low: 0, high: 0 },
});
