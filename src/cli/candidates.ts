// What can come next on a command line, for the completion scripts. Pure: what is there is asked through `Surroundings`.
import type { OptionSpec, Verb, WordKind } from './verb.ts';

export interface Surroundings {
  readonly labs: () => readonly { readonly id: string; readonly nodes: readonly string[] }[];
}

/** Words that can complete the last of `words` (which may be empty), and whether the shell should add files. */
export interface Candidates {
  readonly words: readonly string[];
  readonly files: 'none' | 'scenarios' | 'all' | 'directories';
}

const NOTHING: Candidates = { words: [], files: 'none' };

export function candidates(
  words: readonly string[],
  verbs: readonly Verb[],
  surroundings: Surroundings,
): Candidates {
  const [name = '', ...rest] = words;
  const last = words.at(-1) ?? '';
  if (words.length <= 1)
    return starting(last, [...verbs.map((verb) => verb.name), '--help', '--version']);
  const verb = verbs.find((candidate) => candidate.name === name);
  if (!verb || rest.slice(0, -1).includes('--'))
    return verb ? { ...NOTHING, files: 'all' } : NOTHING;
  const taking = optionTaking(verb, rest.at(-2));
  if (taking) return ofKind(taking.kind ?? 'other', last, rest, surroundings, taking.choices);
  if (last.startsWith('-'))
    return starting(last, [...verb.options.map((option) => `--${option.name}`), '--help']);
  const given = positionals(verb, rest.slice(0, -1));
  // Which labs another machine has, only that machine knows.
  const around = rest.some(namesMachine) ? { labs: () => [] } : surroundings;
  const argument =
    verb.arguments[given.length] ?? verb.arguments.find((candidate) => candidate.many);
  if (!argument) return NOTHING;
  return ofKind(argument.kind, last, given, around, argument.choices);
}

function ofKind(
  kind: WordKind,
  last: string,
  given: readonly string[],
  { labs }: Surroundings,
  choices: readonly string[] | undefined,
): Candidates {
  switch (kind) {
    case 'scenario':
      return { words: [], files: 'scenarios' };
    case 'file':
      return { words: [], files: 'all' };
    case 'directory':
      return { words: [], files: 'directories' };
    case 'lab': {
      const all = labs();
      // A node may stand where a lab is left out.
      const nodes = all.length === 1 ? (all[0]?.nodes ?? []) : [];
      return starting(last, [...all.map((lab) => lab.id), ...nodes]);
    }
    case 'node':
      return starting(last, labs().find((lab) => lab.id === given[0])?.nodes ?? []);
    case 'shell':
    case 'other':
      return starting(last, choices ?? []);
  }
}

const namesMachine = (word: string): boolean => /^--machine(=|$)/.test(word);

const optionTaking = (verb: Verb, word: string | undefined): OptionSpec | undefined =>
  verb.options.find((option) => option.value !== undefined && `--${option.name}` === word);

/** Words that are neither options nor values of options. */
const positionals = (verb: Verb, words: readonly string[]): string[] =>
  words.filter((word, index) => !word.startsWith('-') && !optionTaking(verb, words[index - 1]));

const starting = (text: string, words: readonly string[]): Candidates => ({
  words: words.filter((word) => word.startsWith(text)),
  files: 'none',
});
