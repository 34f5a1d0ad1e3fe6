// What another thread does for sessions: it has the rules of the relay, and is told which of them a message meets.
import type { RelayAudit, RelaySpec } from '../../../model/relay.ts';
import type { Protocol } from '../../../wire/protocol/contract.ts';
import type { ProcessedMessage, RelayWork } from '../relay-port.ts';
import { compileRule } from '../rules/compiled-rule.ts';
import { Processor } from './processor.ts';

/** The session that brings the work puts the time into its records. */
export function createWorker(
  spec: RelaySpec,
  protocol: Protocol,
  seed: number,
): (work: RelayWork) => ProcessedMessage {
  const compiled = spec.rules.map(compileRule);
  const processor = new Processor(spec, protocol, seed);
  return (work) => {
    const audits: RelayAudit[] = [];
    const { session, side, at, message, bytes, rules, fuzzed: isFuzzed, nth } = work;
    const met = rules.flatMap((index) => compiled[index] ?? []);
    const type = protocol.typeOf(bytes, side);
    const processed = processor.process(
      { session, side, at, message, type, rules: met, isFuzzed, nth, bytes, read: null },
      { audit: (record) => audits.push(record) },
      0,
    );
    return { ...processed, audits };
  };
}
