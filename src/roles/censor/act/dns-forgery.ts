import type { DnsAction } from '../../../model/censor-action.ts';
import type { Random } from '../../../base/random.ts';
import { DNS_CLASS_IN, DNS_TYPE, buildDnsAnswer } from '../../../wire/dns.ts';
import { fixedNumber } from './number-source.ts';
import type { DnsQuery } from '../inspect/message.ts';

/**
 * The forged answer to a query: its id and question as they came, and for A and AAAA one address of the pool's that fits.
 * Other types, and a pool without such an address, get an answer without records. Null when the question has no wire form.
 */
export function forgeDnsAnswer(
  action: DnsAction,
  query: DnsQuery,
  random: Random,
): Uint8Array | null {
  const [question] = query.questions;
  if (question === undefined) return null;
  const pool = action.rcode === 'NOERROR' ? addressesFor(action.pool, question.type) : [];
  const value = pool[random.below(pool.length)];
  const answer = buildDnsAnswer(query, {
    rcode: action.rcode,
    authoritative: action.authoritative,
    recursionAvailable: true,
    answers:
      value === undefined
        ? []
        : [
            {
              name: question.spelling ?? question.name,
              type: question.type,
              class: DNS_CLASS_IN,
              ttl: fixedNumber(action.recordTtl, 300),
              value,
            },
          ],
  });
  return answer.ok ? answer.value : null;
}

function addressesFor(pool: readonly string[], type: number): readonly string[] {
  if (type === DNS_TYPE.A) return pool.filter((address) => !address.includes(':'));
  return type === DNS_TYPE.AAAA ? pool.filter((address) => address.includes(':')) : [];
}
