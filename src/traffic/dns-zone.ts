// What a lab's DNS server knows: the answer to a question, CNAME chains followed as a resolver does.
import { DNS_CLASS_IN, DNS_TYPE } from '../wire/dns.ts';
import type { DnsQuestion, DnsRcode, DnsResourceRecord } from '../wire/dns.ts';
import type { DnsRecord } from '../model/traffic.ts';

interface ZoneAnswer {
  readonly rcode: DnsRcode;
  readonly answers: readonly DnsResourceRecord[];
}

export interface Zone {
  answer(question: DnsQuestion): ZoneAnswer;
}

/** A chain of aliases longer than this is taken for a loop. */
const CHAIN_LIMIT = 16;

/** A zone over `records` whose answers may be cached for `ttl` seconds. A name `*.x` answers for names below `x` that are not there. */
export function createZone(records: readonly DnsRecord[], ttl: number): Zone {
  const byName = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const name = canonicalName(record.name);
    byName.set(name, [...(byName.get(name) ?? []), record]);
  }
  const known = new Set([...byName.keys()].flatMap(selfAndParents));
  const find = (name: string): readonly DnsRecord[] | undefined =>
    byName.get(name) ?? (known.has(name) ? [] : wildcard(byName, name));

  return {
    answer: (question) => {
      const answers: DnsResourceRecord[] = [];
      let name = question.name;
      for (let links = 0; links < CHAIN_LIMIT; links += 1) {
        const found = find(name);
        // The code speaks of the last name of a chain (RFC 6604 section 3).
        if (!found) return { rcode: 'NXDOMAIN', answers };
        const owner = name;
        const wished = found.filter((record) => DNS_TYPE[record.type] === question.type);
        const alias = found.find((record) => record.type === 'CNAME');
        const chosen = wished.length > 0 || !alias ? wished : [alias];
        answers.push(...chosen.map((record) => resourceRecord(owner, record, ttl)));
        if (wished.length > 0 || !alias) return { rcode: 'NOERROR', answers };
        name = canonicalName(alias.value);
      }
      return { rcode: 'SERVFAIL', answers: [] };
    },
  };
}

/** Lower case and without the dot at the end: names are the same whatever their case (RFC 4343). */
export const canonicalName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const resourceRecord = (name: string, record: DnsRecord, ttl: number): DnsResourceRecord => ({
  name,
  type: DNS_TYPE[record.type],
  class: DNS_CLASS_IN,
  ttl,
  value: record.value,
});

/** A name exists when it has records or when names below it do (RFC 8020 section 2). */
function selfAndParents(name: string): string[] {
  const labels = name.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

/** The closest `*` above `name` (RFC 4592 section 3.3). */
function wildcard(
  byName: ReadonlyMap<string, readonly DnsRecord[]>,
  name: string,
): readonly DnsRecord[] | undefined {
  return selfAndParents(name)
    .slice(1)
    .map((parent) => byName.get(`*.${parent}`))
    .find((records) => records !== undefined);
}
