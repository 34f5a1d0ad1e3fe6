// The machine that `--machine` names, with what the other options say of the way to it.
import { Fault } from '../../base/fault.ts';
import type { Result } from '../../base/result.ts';
import { LOCAL, type PlanMachine, type SshHop } from '../../model/machine.ts';
import { parseHop, parseHops } from '../../scenario/inventory/hop-text.ts';
import type { Input, OptionSpec } from '../verb.ts';

/** For verbs that may do their work on another machine. */
export const MACHINE_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'machine',
    value: 'DEST',
    summary: 'do it on another machine, by ssh: [user@]host[:port] or an alias of ~/.ssh/config',
  },
  { name: 'become', value: 'sudo', choices: ['sudo'], summary: 'become root there, by sudo' },
  {
    name: 'identity',
    value: 'FILE',
    kind: 'file',
    many: true,
    summary: 'log in there with this private key; may be repeated',
  },
  {
    name: 'known-hosts',
    value: 'FILE',
    kind: 'file',
    many: true,
    summary: 'look for host keys in it in place of ~/.ssh/known_hosts; may be repeated',
  },
  {
    name: 'jump',
    value: 'HOST',
    summary: 'go through this machine, or several between commas, the nearest first',
  },
];

/** Null: this machine. Throws a usage fault for what is no way to a machine. */
export function chosenMachine(input: Input): PlanMachine | null {
  const text = input.text('machine');
  if (text === undefined) return withoutMachine(input);
  const become = input.text('become') ?? null;
  if (become !== null && become !== 'sudo')
    throw new Fault('usage', `Expected "sudo" in ${input.origin('become')}, found "${become}"`);
  const hop = read(parseHop(text), input, 'machine', 'lab@edge.example.org:2222');
  const jump = input.text('jump');
  return {
    ...LOCAL,
    name: text,
    become,
    ssh: {
      ...hop,
      identities: input.list('identity'),
      knownHosts: input.list('known-hosts'),
      jumps: jump === undefined ? null : jumpsOf(jump, input),
    },
  };
}

const jumpsOf = (text: string, input: Input): readonly SshHop[] =>
  read(parseHops(text), input, 'jump', 'gate.example.org');

function read<T>(result: Result<T, string>, input: Input, option: string, example: string): T {
  if (result.ok) return result.value;
  throw new Fault('usage', `${result.error}, in ${input.origin(option)}`, {
    help: `Write it as in: --${option} ${example}`,
  });
}

/** On the command line the others mean nothing alone; the environment may hold them for whenever they are of use. */
function withoutMachine(input: Input): null {
  for (const { name } of MACHINE_OPTIONS)
    if (input.has(name) && input.origin(name).startsWith('--'))
      throw new Fault(
        'usage',
        `${input.origin(name)} says how to reach a machine, and none is named`,
        {
          help: 'Name it with --machine DEST',
        },
      );
  return null;
}
