import type { DnsRecord } from '../../../model/traffic.ts';
import type { Lab } from '../lab.ts';
import { namesOfContent } from './web.ts';

/** The records of a DNS server, and those of the names that web servers answer to and no record speaks of. */
export function withWebNames(
  { topology, served, web }: Pick<Lab, 'topology' | 'served' | 'web'>,
  records: readonly DnsRecord[],
): readonly DnsRecord[] {
  const told = new Set(records.map(({ name }) => name));
  const names = new Set([...web.values()].flatMap(namesOfContent));
  const more = [...names].flatMap((name) =>
    told.has(name)
      ? []
      : (served.get(name) ?? []).flatMap((node) =>
          (topology.nodes.get(node)?.members ?? []).flatMap(({ addresses }) =>
            addresses.map(({ text }): DnsRecord => ({
              name,
              type: text.includes(':') ? 'AAAA' : 'A',
              value: text,
            })),
          ),
        ),
  );
  return [...records, ...more];
}
