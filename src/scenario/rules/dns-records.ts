import type { DnsRecord } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

type Kind = keyof Exclude<DnsRecord, string | readonly string[]>;

interface Form {
  readonly pattern: RegExp;
  readonly example: string;
}

const NAME = String.raw`(?:\.|[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?)`;
const U16 = String.raw`\d{1,5}`;

/** How zone files write them: RFC 1035 section 3.3, RFC 2782, RFC 9460 section 2.1. */
const FORMS: Readonly<Partial<Record<Kind, Form>>> = {
  ns: { pattern: new RegExp(`^${NAME}$`), example: 'ns1.example' },
  mx: { pattern: new RegExp(`^${U16} ${NAME}$`), example: '10 mail.example' },
  srv: { pattern: new RegExp(`^${U16} ${U16} ${U16} ${NAME}$`), example: '0 5 443 server.example' },
  soa: {
    pattern: new RegExp(`^${NAME} ${NAME}(?: \\d{1,10}){5}$`),
    example: 'ns1.example admin.example 1 7200 900 1209600 300',
  },
  https: {
    pattern: new RegExp(
      `^${U16} ${NAME}(?: (?:alpn|port|ipv4hint|ipv6hint|ech)=[!-~]+| no-default-alpn)*$`,
    ),
    example: '1 . alpn=h2,h3 port=443',
  },
};

/** The records of DNS servers are written as zone files write them. */
export const dnsRecords: Rule = (context) => {
  for (const [index, { serve }] of (context.scenario.traffic ?? []).entries())
    for (const [name, record] of Object.entries(serve?.dns?.records ?? {})) {
      const path = ['traffic', index, 'serve', 'dns', 'records', name];
      if (typeof record === 'object' && !Array.isArray(record)) checkRecord(context, record, path);
    }
};

function checkRecord(
  context: Context,
  record: Exclude<DnsRecord, string | readonly string[]>,
  path: Path,
): void {
  for (const kind of ['ns', 'mx', 'srv', 'soa', 'https'] as const) {
    const form = FORMS[kind];
    const written = record[kind];
    if (form === undefined || written === undefined) continue;
    for (const [index, value] of [written].flat().entries())
      if (!form.pattern.test(value) || hasTooLargeNumber(kind, value))
        context.report(
          'S099',
          Array.isArray(written) ? [...path, kind, index] : [...path, kind],
          `Expected a record of type ${kind.toUpperCase()} such as "${form.example}", found "${value}"`,
        );
  }
}

/** Numbers before the name have 16 bits, those of SOA 32. */
function hasTooLargeNumber(kind: Kind, value: string): boolean {
  const limit = kind === 'soa' ? 0xffff_ffff : 0xffff;
  const words = kind === 'soa' ? value.split(' ').slice(2) : value.split(' ').slice(0, 3);
  return words.some((word) => /^\d+$/.test(word) && Number(word) > limit);
}
