import type { DnsAction } from '../../../model/censor-action.ts';
import type { Disposition } from '../../../model/middlebox.ts';
import { buildUdp } from '../../../wire/build.ts';
import { drawSpan } from './acting-rule.ts';
import { forgeDnsAnswer } from './dns-forgery.ts';
import { type Firing, inject } from './firing.ts';

/** Seconds, where the rule takes the trigger's: a query has none. */
const RECORD_TTL = 300;

/** Answers a query in a datagram as if from whom it asked. Each copy is drawn by itself, as that of another injector. */
export function injectDns(action: DnsAction, firing: Firing): Disposition {
  const { message, numbers, rule, occasion } = firing;
  const { view, isForward } = occasion;
  if (message?.layer !== 'dns' || !view.isUdp) return 'pass';
  for (let copy = 0; copy < action.count; copy += 1) {
    const recordTtl = numbers.draw(action.recordTtl, RECORD_TTL, rule.random);
    const payload = forgeDnsAnswer(action, message.query, recordTtl, rule.random);
    if (payload === null) return 'pass';
    const packet = buildUdp({
      source: view.destination,
      destination: view.source,
      sourcePort: view.destinationPort,
      destinationPort: view.sourcePort,
      ttl: numbers.draw(action.ttl, view.ttl, rule.random),
      id: numbers.draw(action.ipId, view.ipId, rule.random),
      dontFragment: action.dontFragment,
      payload,
    });
    const [low, high] = action.delay;
    inject(firing, packet, isForward ? 'client' : 'server', drawSpan(rule.random, low, high));
  }
  return action.dropTrigger && firing.canHold ? 'drop' : 'pass';
}
