// What the sessions of a relay have in common.
import type { HookPoint, RelayFault, RelaySpec } from '../../model/relay.ts';
import type { Protocol, Side } from '../../wire/protocol/contract.ts';
import type { Standing } from './order/standing.ts';
import { standings } from './order/standing.ts';
import { Fuzzing } from './process/fuzzing.ts';
import { WrittenMessages, typesToRemember } from './process/message-source.ts';
import { Processor } from './process/processor.ts';
import { type CompiledRule, compileRule } from './rules/compiled-rule.ts';
import { HookRules } from './rules/hook-rules.ts';
import { Tally } from './tally.ts';

export interface Shared {
  readonly spec: RelaySpec;
  readonly protocol: Protocol;
  readonly seed: number;
  readonly rules: readonly CompiledRule[];
  readonly hooks: Readonly<Record<HookPoint, HookRules>>;
  readonly standingOf: (type: string) => Standing;
  readonly remembered: Readonly<Record<Side, ReadonlySet<string>>>;
  readonly written: WrittenMessages;
  readonly processor: Processor;
  readonly fuzzing: Fuzzing | null;
  readonly tally: Tally;
  /** Those that hold at present. */
  faults: readonly RelayFault[];
}

export function createShared(spec: RelaySpec, protocol: Protocol, seed: number): Shared {
  const rules = spec.rules.map(compileRule);
  const rulesAt = (at: HookPoint): HookRules =>
    new HookRules(rules.filter(({ rule }) => rule.at === at));
  return {
    spec,
    protocol,
    seed,
    rules,
    hooks: {
      'C->P': rulesAt('C->P'),
      'P->S': rulesAt('P->S'),
      'S->P': rulesAt('S->P'),
      'P->C': rulesAt('P->C'),
    },
    standingOf: standings(spec),
    remembered: typesToRemember(spec),
    written: new WrittenMessages(protocol),
    processor: new Processor(spec, protocol, seed),
    fuzzing: spec.fuzz === null ? null : new Fuzzing(spec.fuzz, seed),
    tally: new Tally(spec.rules.map(({ name }) => name)),
    faults: spec.faults,
  };
}
