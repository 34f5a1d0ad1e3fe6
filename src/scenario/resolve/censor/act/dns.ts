import { parseIp } from '../../../../base/addresses.ts';
import { parseMillis } from '../../../../base/units.ts';
import type { DnsAction } from '../../../../model/censor-action.ts';
import { AS_TRIGGER } from '../../../../model/censor-defaults.ts';
import type { InjectDns } from '../../../../model/scenario-file.ts';
import { spanOf } from '../../quantity.ts';
import type { Place } from '../scope.ts';
import { RECORD_TTL, SHORT, TTL, sourceAt } from './number-source.ts';

/** Seconds. */
const RECORD_LIFE = { from: 'fixed', value: 300 } as const;

export function resolveDns(place: Place, written: InjectDns): DnsAction {
  const { scope, path } = place;
  const pool = written.answers === undefined ? [] : [written.answers].flat();
  for (const [index, answer] of pool.entries()) {
    const parsed = parseIp(answer);
    if (parsed.ok) continue;
    const at = [...path, 'answers'];
    scope.context.report(
      'S065',
      Array.isArray(written.answers) ? [...at, index] : at,
      parsed.error,
    );
  }
  const rcode = written.rcode ?? 'NOERROR';
  if (pool.length === 0 && rcode === 'NOERROR' && written.cname === undefined)
    scope.context.report(
      'S082',
      path,
      'The forged answer has neither addresses nor an error code',
      { help: 'Add "answers" with addresses, or "rcode: NXDOMAIN"' },
    );
  return {
    kind: 'dns',
    pool,
    cname: written.cname?.toLowerCase().replace(/\.$/, '') ?? null,
    rcode,
    recordTtl: sourceAt(place, 'recordTtl', written.recordTtl, RECORD_TTL, RECORD_LIFE),
    ttl: sourceAt(place, 'ttl', written.ttl, TTL, AS_TRIGGER),
    ipId: sourceAt(place, 'ip-id', written['ip-id'], SHORT, { from: 'fixed', value: 0 }),
    dontFragment: written.dontFragment ?? true,
    delay: spanOf(written.delay ?? '0ms', parseMillis),
    count: written.count ?? 1,
    authoritative: written.authoritative ?? false,
    recursionAvailable: written.recursionAvailable ?? true,
    dropTrigger: written.dropTrigger ?? scope.inPath,
  };
}
