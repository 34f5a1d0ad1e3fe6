// A finding as a scenario: the one in which it was made, with the mutation in place of all that was drawn, and its answer expected.
import type { ParamValue } from '../../model/plan.ts';
import type { RelayFinding } from '../../model/relay.ts';
import { renderYaml } from '../write/render-yaml.ts';
import { type Block, blockOf, entry, optional } from '../write/yaml-value.ts';
import { findingComment } from './describe-finding.ts';
import { onlyBlock } from './mutation-block.ts';

export interface FindingContext {
  /** Of the scenario, and its file as seen from the finding's. */
  readonly scenario: string;
  readonly file: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly seed: number;
  readonly relay: string;
  /** Milliseconds. */
  readonly answerTimeout: number;
  /** Of the finding in the run, counted from 1. */
  readonly number: number;
}

/** Letters, digits, hyphens and underscores of a name, at most. */
const LONGEST = 63;

export function renderFindingScenario(finding: RelayFinding, context: FindingContext): string {
  const { scenario, file, params, seed, relay, answerTimeout, number } = context;
  const ending = `-finding-${number}`;
  const fuzz = onlyBlock(finding.mutation, answerTimeout);
  return renderYaml({
    entries: [
      entry('version', 1, [
        `Found by the fuzzer of the relay ${relay}: ${findingComment(finding)}`,
        `runner apply --seed ${seed} does it again.`,
      ]),
      entry('name', `${scenario.slice(0, LONGEST - ending.length)}${ending}`),
      entry('extends', file),
      ...optional('params', paramsBlock(params)),
      entry('proxies', blockOf({ [relay]: blockOf({ relay: blockOf({ fuzz }) }) })),
      entry('expect', [blockOf({ proxy: relay, finding: finding.answer, count: '>=1' })]),
    ],
  });
}

/** What is written as a file stays as the scenario has it. Undefined: there are no parameters. */
function paramsBlock(params: FindingContext['params']): Block | undefined {
  const entries = Object.entries(params).flatMap(([name, value]) =>
    isWritable(value) ? [entry(name, blockOf({ default: value }))] : [],
  );
  return entries.length === 0 ? undefined : { entries };
}

const isWritable = (value: ParamValue): value is Exclude<ParamValue, object> | readonly string[] =>
  !Array.isArray(value) || value.every((item) => typeof item === 'string');
