import type { DnsAction } from '../../../model/censor-action.ts';
import type { Random } from '../../../base/random.ts';
import {
  DNS_CLASS_IN,
  DNS_TYPE,
  type DnsResourceRecord,
  buildDnsAnswer,
} from '../../../wire/dns.ts';
import type { DnsQuery } from '../inspect/message.ts';

/**
 * The forged answer to a query: its id and question as they came, and for A and AAAA one address of the pool's that fits, behind the
 * canonical name where there is one. Other types, and a pool without such an address, get no address. Null when the question has no wire
 * form.
 */
export function forgeDnsAnswer(
  action: DnsAction,
  query: DnsQuery,
  recordTtl: number,
  random: Random,
): Uint8Array | null {
  const [question] = query.questions;
  if (question === undefined) return null;
  const answers: DnsResourceRecord[] = [];
  let name = question.spelling ?? question.name;
  const add = (type: number, value: string): void => {
    answers.push({ name, type, class: DNS_CLASS_IN, ttl: recordTtl, value });
  };
  if (action.rcode === 'NOERROR') {
    const pool = addressesFor(action.pool, question.type);
    const address = pool[random.below(pool.length)];
    if (action.cname !== null) {
      add(DNS_TYPE.CNAME, action.cname);
      name = action.cname;
    }
    if (address !== undefined) add(question.type, address);
  }
  const { rcode, authoritative, recursionAvailable } = action;
  const answer = buildDnsAnswer(query, { rcode, authoritative, recursionAvailable, answers });
  return answer.ok ? answer.value : null;
}

function addressesFor(pool: readonly string[], type: number): readonly string[] {
  if (type === DNS_TYPE.A) return pool.filter((address) => !address.includes(':'));
  return type === DNS_TYPE.AAAA ? pool.filter((address) => address.includes(':')) : [];
}
