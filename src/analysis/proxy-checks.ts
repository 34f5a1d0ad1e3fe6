import type { Expectation, NumberRange } from '../model/expectation.ts';
import type { DirectionStatistics, RelayStatistics } from '../model/relay.ts';
import type { ProxyRecord } from '../model/relay-record.ts';
import { type Check, rangeCheck } from './check.ts';

type ProxyExpectation = Extract<Expectation, { kind: 'proxy' }>;

/** What a proxy has counted against what is expected of it. */
export function proxyChecks(
  expectation: ProxyExpectation,
  proxies: readonly ProxyRecord[],
): Check[] {
  const { proxy, rule, finding } = expectation;
  const statistics = proxies.find(({ name }) => name === proxy)?.statistics;
  if (!statistics) return [{ held: false, detail: `proxy ${proxy} never ran` }];
  const check = (what: string, range: NumberRange | undefined, found: number): Check[] =>
    range === undefined ? [] : [rangeCheck(`${proxy}: ${what}`, range, found, String)];
  return [
    ...(rule === undefined
      ? []
      : check(`messages of rule ${rule.name}`, rule.count, statistics.rules[rule.name] ?? 0)),
    ...(finding === undefined
      ? []
      : check(
          `answers ${finding.answer}`,
          finding.count,
          statistics.findings[finding.answer] ?? 0,
        )),
    ...check('sessions', expectation.sessions, statistics.sessions.accepted),
    ...check('messages', expectation.messages, both(statistics, 'messagesIn')),
    ...check('bytes', expectation.bytes, both(statistics, 'bytesIn')),
    ...check('framing faults', expectation.framingFaults, statistics.framingFaults),
    ...check('mutated messages', expectation.fuzzed, statistics.fuzzed),
  ];
}

const both = ({ upstream, downstream }: RelayStatistics, key: keyof DirectionStatistics): number =>
  upstream[key] + downstream[key];
