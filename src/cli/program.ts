// The table of verbs as a commander program.
import { Argument, Command, CommanderError, Option } from 'commander';
import { COMPLETE_VERB, type Input, type Verb } from './verb.ts';
import { VERBS } from './verbs.ts';
import { type GivenOptions, makeInput } from './input.ts';
import { Fault } from '../base/fault.ts';

/** What argv asks for. */
export type Invocation =
  | { readonly kind: 'verb'; readonly verb: Verb; readonly input: Input }
  | { readonly kind: 'complete'; readonly words: readonly string[] }
  /** Help or version: printed already. */
  | { readonly kind: 'printed'; readonly exitCode: number };

/** Throws a usage fault for what it does not understand. */
export function parseArgv(argv: readonly string[], version: string): Invocation {
  if (argv[0] === COMPLETE_VERB) return { kind: 'complete', words: argv.slice(1) };
  const separator = argv.indexOf('--');
  const takesCommand = VERBS.some((verb) => verb.name === argv[0] && verb.takesCommand);
  const cut = takesCommand && separator >= 0;
  const own = cut ? argv.slice(0, separator) : argv;
  const command = cut ? argv.slice(separator + 1) : [];
  let invocation: Invocation = { kind: 'printed', exitCode: 0 };
  const program = makeProgram(version);
  for (const verb of VERBS)
    addVerb(program, verb, cut, (words, given) => {
      const input = makeInput(verb, words, command, given, process.env);
      invocation = { kind: 'verb', verb, input };
    });
  try {
    program.parse(own, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.help') return { kind: 'printed', exitCode: 2 };
    if (error.exitCode !== 0) throw usageFault(error);
  }
  return invocation;
}

function makeProgram(version: string): Command {
  return new Command('runner')
    .description(
      'Runs a network experiment that is one file: topology, censors, traffic, captures, verdicts.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      '\nEach option may be set by an environment variable as well: RUNNER_OUT for --out, RUNNER_JSON=1 for --json.\n' +
        'Exit codes: 0 expectations hold, 1 one failed, 2 scenario or command line wrong, 3 machine cannot, 4 run broke,\n' +
        '130 or 143 interrupted.',
    );
}

function addVerb(
  program: Command,
  verb: Verb,
  isCut: boolean,
  accept: (words: readonly string[], given: GivenOptions) => void,
): void {
  const command = program
    .command(verb.name)
    .description(verb.summary)
    .helpOption('-h, --help', 'print this help');
  // Without "--" the first word ends the options: the rest may be a program with options of its own.
  if (verb.takesCommand && !isCut) command.passThroughOptions().allowExcessArguments();
  for (const { name, required, many, choices, summary } of verb.arguments) {
    const dots = many ? `${name}...` : name;
    const argument = new Argument(required ? `<${dots}>` : `[${dots}]`, summary);
    command.addArgument(choices ? argument.choices(choices) : argument);
  }
  for (const { name, short, value, many, summary } of verb.options) {
    const flags = short === undefined ? `--${name}` : `-${short}, --${name}`;
    const option = new Option(value === undefined ? flags : `${flags} <${value}>`, summary);
    if (many)
      option.argParser((text: string, before: readonly string[] | undefined) => [
        ...(before ?? []),
        text,
      ]);
    command.addOption(option);
  }
  command.action(() => accept(command.args, givenOptions(command, verb)));
}

function givenOptions(command: Command, verb: Verb): GivenOptions {
  const given = new Map<string, true | readonly string[]>();
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli') continue;
    const value: unknown = command.getOptionValue(name);
    const spec = verb.options.find((candidate) => option.long === `--${candidate.name}`);
    if (!spec) continue;
    if (spec.value === undefined) given.set(spec.name, true);
    else given.set(spec.name, Array.isArray(value) ? value.map(String) : [String(value)]);
  }
  return given;
}

/** `error: unknown command 'aply'\n(Did you mean apply?)` in the manner of our own faults. */
function usageFault({ message }: CommanderError): Fault {
  const [first = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const text = first.replace(/'([^']*)'/g, '"$1"').replace(/\.$/, '');
  const guess = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(suggestion ?? '')?.[1];
  const help =
    guess === undefined
      ? 'Run "runner --help"'
      : `Did you mean "${guess.replaceAll(', ', '", "')}"?`;
  return new Fault('usage', text.charAt(0).toUpperCase() + text.slice(1), { help });
}
