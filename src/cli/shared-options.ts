// Arguments and options that several verbs take.
import type { Argument, OptionSpec } from './verb.ts';

export const FILE: Argument = {
  name: 'FILE',
  kind: 'scenario',
  required: true,
  summary: 'the scenario, a YAML file; "-" reads standard input',
};
export const LAB: Argument = {
  name: 'LAB',
  kind: 'lab',
  required: false,
  summary: 'a lab of "runner ps": its id or the start of it; may be left out when there is one',
};
export const NODE: Argument = {
  name: 'NODE',
  kind: 'node',
  required: false,
  summary: 'a host or container of the scenario',
};

export const JSON_OPTION: OptionSpec = { name: 'json', summary: 'print JSON on stdout' };
export const QUIET: OptionSpec = { name: 'quiet', summary: 'show no progress' };
export const PARAMETERS: readonly OptionSpec[] = [
  { name: 'set', value: 'k=v', many: true, summary: 'give a parameter; may be repeated' },
  {
    name: 'params',
    value: 'FILE',
    kind: 'file',
    summary: 'read parameters from a YAML or JSON file',
  },
  {
    name: 'seed',
    value: 'N',
    summary: 'the seed of everything drawn by chance: 0 to 2^53-1 (default: 1)',
  },
];
export const COMPILING: readonly OptionSpec[] = [
  ...PARAMETERS,
  { name: 'no-censor', summary: 'leave every censor out' },
];
export const OUT: OptionSpec = {
  name: 'out',
  value: 'DIR',
  kind: 'directory',
  summary: 'the folder of all results (default: "results")',
};

export const YES: OptionSpec = {
  name: 'yes',
  summary: 'agree to what the scenario does in the network stacks of machines',
};

export const NO_BUILD: OptionSpec = {
  name: 'no-build',
  summary: 'take the images that an earlier run built',
};
