// What a censor is made of: what its parts share, each made once.
import type { IpPrefix } from '../../base/addresses.ts';
import type { ModelEvaluator } from '../../model/censor-evaluator.ts';
import type { CensorSpec } from '../../model/censor.ts';
import { PacketView } from '../../wire/packet.ts';
import type { TakesOver } from '../intercept/interceptor.ts';
import { RedirectTable } from './act/redirect-table.ts';
import { Chance } from './match/chance.ts';
import { RulesInForce } from './match/rules-in-force.ts';
import { Reporter } from './reporter.ts';
import { FlowTable } from './state/flow-table.ts';
import { FollowPolicy } from './state/follow-policy.ts';
import { ResidualTable } from './state/residual.ts';
import { Tally } from './tally.ts';

export interface CensorOptions {
  /** On-path sees copies: triggers always arrive. */
  readonly position: 'in-path' | 'on-path';
  /** Computes the models of the spec; null: conditions over models are of no packet. */
  readonly evaluator: ModelEvaluator | null;
  /** Whose addresses are clients' where a flow is met in its middle; empty: who speaks first. */
  readonly clients: readonly IpPrefix[];
  /** Takes over the connections that rules say; null: they are let pass. */
  readonly interceptor: TakesOver | null;
}

export interface CensorParts {
  /** Its name. */
  readonly censor: string;
  readonly spec: CensorSpec;
  readonly seed: number;
  readonly position: CensorOptions['position'];
  readonly interceptor: TakesOver | null;
  /** Where each packet is loaded in its turn. */
  readonly view: PacketView;
  readonly tally: Tally;
  readonly reporter: Reporter;
  readonly rules: RulesInForce;
  readonly chance: Chance;
  readonly flows: FlowTable;
  readonly policy: FollowPolicy;
  readonly residuals: ResidualTable;
  readonly redirects: RedirectTable;
}

export function makeParts(
  censor: string,
  spec: CensorSpec,
  seed: number,
  { position, evaluator, clients, interceptor }: CensorOptions,
): CensorParts {
  const view = new PacketView();
  const tally = new Tally();
  const chance = new Chance(seed);
  return {
    ...{ censor, spec, seed, position, interceptor, view, tally, chance },
    reporter: new Reporter(censor, tally),
    rules: new RulesInForce(spec, seed, view, evaluator),
    flows: new FlowTable(spec.state, seed, clients),
    policy: new FollowPolicy(spec.state, chance),
    residuals: new ResidualTable(),
    redirects: new RedirectTable(),
  };
}
