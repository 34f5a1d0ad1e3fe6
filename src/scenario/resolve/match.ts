// `match` of a censor's rule → conditions.
import { formatPrefix, networkAddress, parsePrefix } from '../../base/addresses.ts';
import type { MatchCondition } from '../../model/censor-match.ts';
import type { Match } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { listed, quoted } from '../text.ts';
import { asPrefix } from './places.ts';

type Field = MatchCondition['field'];
type Written = string | number | readonly (string | number)[];
type Report = (wish: string, help?: string) => void;

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };
/** IANA DNS resource record types. */
const QTYPES: Readonly<Record<string, number>> = {
  ...{ A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28 },
  ...{ SRV: 33, SVCB: 64, HTTPS: 65, ANY: 255 },
};
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

/** Values that cannot be read are reported and left out. */
export function resolveMatch(
  context: Context,
  match: Match,
  path: Path,
): readonly MatchCondition[] {
  return Object.entries(match).flatMap(([field, written]: [string, Written]): MatchCondition[] => {
    const values = [written].flat().flatMap(alternatives);
    const report: Report = (wish, help) =>
      context.report(
        'S081',
        [...path, field],
        `Expected "${field}" to be ${wish}, found ${quoted(written)}`,
        {
          help,
        },
      );
    const condition = conditionOf(field as Field, values, report);
    return condition === undefined ? [] : [condition];
  });
}

/** A text may name several, separated by "|". */
const alternatives = (value: string | number): (string | number)[] =>
  typeof value === 'string' ? value.split('|').map((part) => part.trim()) : [value];

function conditionOf(
  field: Field,
  values: readonly (string | number)[],
  report: Report,
): MatchCondition | undefined {
  switch (field) {
    case 'ip.src':
    case 'ip.dst':
    case 'ip.addr':
      return all(
        values,
        prefixOf,
        'addresses or prefixes such as "10.0.0.0/8"',
        report,
        (prefixes) => ({ field, prefixes }),
      );
    case 'ip.version':
      return all(
        values,
        (value) => numberIn(value, 4, 4) ?? numberIn(value, 6, 6),
        '4 or 6',
        report,
        (own) => ({ field, ranges: own.map((value) => [value, value]) }),
      );
    case 'ip.proto':
      return all(
        values,
        (value) => named(value, PROTOCOLS) ?? numberIn(value, 0, 255),
        `a protocol number or one of ${listed(Object.keys(PROTOCOLS))}`,
        report,
        (own) => ({ field, ranges: own.map((value) => [value, value]) }),
      );
    case 'tcp.srcport':
    case 'tcp.dstport':
    case 'tcp.port':
    case 'udp.srcport':
    case 'udp.dstport':
    case 'udp.port':
      return all(
        values,
        rangeOf,
        'ports such as 443 or ranges such as "1000-2000"',
        report,
        (ranges) => ({ field, ranges }),
      );
    case 'tcp.flags':
      return flagsOf(values, report);
    case 'dns.qtype':
      return all(
        values,
        (value) => named(value, QTYPES) ?? numberIn(value, 0, 65535),
        `a number or one of ${listed(Object.keys(QTYPES))}`,
        report,
        (own) => ({ field, ranges: own.map((value) => [value, value]) }),
      );
    case 'dns.qname':
    case 'http.host':
    case 'tls.sni':
      return all(
        values,
        namePattern,
        'host names such as "blocked.example" or "*.blocked.example"',
        report,
        (names) => ({ field, names }),
        'A "*" may stand only alone or as the first label',
      );
    case 'http.path':
    case 'http.method':
      return all(
        values,
        (value) => (value === '' ? undefined : String(value)),
        'patterns',
        report,
        (patterns) => ({ field, patterns }),
      );
  }
}

function all<T>(
  values: readonly (string | number)[],
  read: (value: string | number) => T | undefined,
  wish: string,
  report: Report,
  make: (values: readonly T[]) => MatchCondition,
  help?: string,
): MatchCondition | undefined {
  const own = values.flatMap((value) => {
    const one = read(value);
    return one === undefined ? [] : [one];
  });
  if (own.length === values.length) return make(own);
  report(wish, help);
  return undefined;
}

function prefixOf(value: string | number): string | undefined {
  const text = String(value);
  const parsed = parsePrefix(text.includes('/') ? text : asPrefix(text));
  return parsed.ok
    ? formatPrefix({ ...parsed.value, address: networkAddress(parsed.value) })
    : undefined;
}

function numberIn(value: string | number, low: number, high: number): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= low && number <= high ? number : undefined;
}

function named(
  value: string | number,
  table: Readonly<Record<string, number>>,
): number | undefined {
  const key = Object.keys(table).find((name) => name.toLowerCase() === String(value).toLowerCase());
  return key === undefined ? undefined : table[key];
}

function rangeOf(value: string | number): readonly [number, number] | undefined {
  const [low = '', high = low, ...rest] = String(value).split('-');
  const start = numberIn(low, 0, 65535);
  const end = numberIn(high, 0, 65535);
  const isRange = start !== undefined && end !== undefined && start <= end && rest.length === 0;
  return isRange ? [start, end] : undefined;
}

function namePattern(value: string | number): string | undefined {
  const name = String(value).toLowerCase().replace(/\.$/, '');
  if (name === '*') return name;
  return /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name) ? name : undefined;
}

function flagsOf(values: readonly (string | number)[], report: Report): MatchCondition | undefined {
  const words = values
    .flatMap((value) => String(value).toUpperCase().split(/[+,]/))
    .map((word) => word.trim());
  if (words.every((word) => FLAGS.includes(word.replace(/^!/, ''))))
    return {
      field: 'tcp.flags',
      set: words.filter((word) => !word.startsWith('!')),
      clear: words.filter((word) => word.startsWith('!')).map((word) => word.slice(1)),
    };
  report(`flags such as "SYN+!ACK"`, `The flags: ${FLAGS.join(', ')}`);
  return undefined;
}
