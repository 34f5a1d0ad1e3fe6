import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** The first words of docker-compose's lists, which are no programs: how each is written here. */
const COMPOSE_FORMS: Readonly<Record<string, (words: readonly string[]) => string>> = {
  CMD: (words) => `Write test: ${listOf(words.length === 0 ? ['curl', '…'] : words)}`,
  'CMD-SHELL': (words) => `Write test: ${listOf(['sh', '-c', words.join(' ') || '…'])}`,
  NONE: () => 'Write healthcheck: false',
};

/** A health check's list begins with the program. */
export const healthchecks: Rule = (context) => {
  for (const { path, container } of context.nodes.values())
    if (typeof container?.healthcheck === 'object')
      checkProgram(context, container.healthcheck.test, [...path, 'healthcheck', 'test']);
};

function checkProgram(
  context: Context,
  [program = '', ...words]: readonly string[],
  path: Path,
): void {
  const help = Object.hasOwn(COMPOSE_FORMS, program) ? COMPOSE_FORMS[program] : undefined;
  if (help !== undefined)
    context.report('S050', path, `Expected a program and its arguments, found "${program}" first`, {
      help: help(words),
    });
}

/** A list as YAML reads it back: words that are plain in any context stay without quotes. */
const listOf = (words: readonly string[]): string =>
  `[${words.map((word) => (/^-{0,2}[a-z/][\w./-]*$/i.test(word) || word === '…' ? word : JSON.stringify(word))).join(', ')}]`;
