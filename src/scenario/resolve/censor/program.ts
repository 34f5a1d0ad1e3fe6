// `program` of a censor → its argument vector and the texts of its files.
import type { CensorProgram } from '../../../model/censor.ts';
import { OWN_VERDICTS } from '../../../model/own-verdicts.ts';
import { PROGRAM_HOST } from '../../../model/program-host.ts';
import type { Program as Written } from '../../../model/scenario-file.ts';
import { normalizePath } from '../../source/resolve-path.ts';
import type { Path } from '../../source/tree.ts';
import { millis } from '../quantity.ts';
import { resolveActions } from './act/action.ts';
import { resolveMatch } from './match/match.ts';
import type { CensorScope } from './scope.ts';

type Options = Exclude<Written, string>;

const NEEDS_HOST = /\.[cm]?[jt]s$/;
const isPython = (file: string): boolean => file.endsWith('.py');

/** Undefined, with a report, when it cannot be started. */
export function resolveProgram(
  scope: CensorScope,
  written: Written,
  path: Path,
): CensorProgram | undefined {
  const options = typeof written === 'string' ? { file: written } : written;
  const at = typeof written === 'string' ? path : [...path, 'file'];
  const started = startOf(scope, options, path, at);
  const actions = Object.entries(options.actions ?? {}).map(([name, list]) => {
    const place = [...path, 'actions', name];
    if (OWN_VERDICTS.includes(name))
      scope.context.report('S089', place, `"${name}" is a verdict of every program`, {
        key: true,
        help: 'Give the action another name',
      });
    return [name, resolveActions(scope, list, place)] as const;
  });
  const match = resolveMatch(scope, options.match ?? {}, [...path, 'match']);
  if (started === undefined) return undefined;
  return {
    ...started,
    match,
    actions: Object.fromEntries(actions),
    params: options.params ?? {},
    timeout: millis(options.timeout ?? '100ms'),
    window: options.window ?? 1024,
  };
}

type Start = Pick<CensorProgram, 'argv' | 'files'>;

function startOf(
  scope: CensorScope,
  { file, run, files = [] }: Options,
  path: Path,
  at: Path,
): Start | undefined {
  const { context } = scope;
  if ((file === undefined) === (run === undefined)) {
    context.report('S048', path, 'Expected exactly one of "file" and "run"', {
      key: true,
      help: 'Write program: ./my-censor.py, or program: { run: [python3, my.py], files: [my.py] }',
    });
    return undefined;
  }
  const more = [files].flat().map((name, index) => {
    const place = Array.isArray(files) ? [...path, 'files', index] : [...path, 'files'];
    return [nameOf(name), readOf(scope, name, place)] as const;
  });
  const main = file === undefined ? [] : [[mainName(file), mainText(scope, file, at)] as const];
  const found = new Map<string, string>();
  for (const [name, text] of [...main, ...more]) {
    if (text === undefined) return undefined;
    if (found.has(name)) {
      context.report('S089', path, `Two files of the program have the name "${name}"`, {
        key: true,
        help: 'They lie in one folder when it runs: rename one',
      });
      return undefined;
    }
    found.set(name, text);
  }
  const argv = file === undefined ? withOwn(run ?? [], found) : commandOf(mainName(file));
  checkCommand(scope, argv, found, [...path, 'run']);
  return { argv, files: Object.fromEntries(found) };
}

/** What runs a file of its kind. */
function commandOf(file: string): readonly string[] {
  if (NEEDS_HOST.test(file)) return [PROGRAM_HOST, file];
  return isPython(file) ? ['python3', file] : [file];
}

/** The program itself may be one of the files. */
function withOwn(
  [program = '', ...rest]: readonly string[],
  files: ReadonlyMap<string, string>,
): readonly string[] {
  const name = nameOf(program);
  return [files.has(name) ? name : program, ...rest];
}

/** An argument that looks like a file beside the scenario, and is not put beside the program, will not be there. */
function checkCommand(
  { context }: CensorScope,
  argv: readonly string[],
  files: ReadonlyMap<string, string>,
  path: Path,
): void {
  for (const [index, word] of argv.entries())
    if (/^[\w.-]+\.(py|[cm]?[jt]s|sh|rb|pl|lua)$/.test(word.replace(/^\.\//, '')))
      if (!files.has(nameOf(word)))
        context.report('S089', [...path, index], `The program's folder will not have "${word}"`, {
          help: `Add "files: [${word}]"`,
        });
}

/** As it is written, below the program's folder; by its last part where that would lead out of it. */
function nameOf(file: string): string {
  const path = normalizePath(file);
  return path.startsWith('..') || /^[/~]/.test(path) ? path.slice(path.lastIndexOf('/') + 1) : path;
}

/** TypeScript is JavaScript by the time it runs, and a module where it does not say otherwise. */
const mainName = (file: string): string =>
  nameOf(file)
    .replace(/\.c[jt]s$/, '.cjs')
    .replace(/\.m?[jt]s$/, '.mjs');

function mainText(scope: CensorScope, file: string, path: Path): string | undefined {
  const text = readOf(scope, file, path);
  if (text === undefined) return undefined;
  if (!NEEDS_HOST.test(file)) {
    const isScript = text.startsWith('#!') || isPython(file);
    if (!isScript)
      scope.context.report('S089', path, `Nothing says what runs "${file}"`, {
        help: 'Let its first line be "#!/usr/bin/env …", or write { run: [interpreter, file] }',
      });
    return isScript ? text : undefined;
  }
  const script = scope.context.scriptOf(file, path, text);
  if (script.ok) return script.value;
  scope.context.report('S089', path, `Cannot use "${file}": ${script.error}`);
  return undefined;
}

function readOf({ context }: CensorScope, file: string, path: Path): string | undefined {
  const text = context.readText(file, path);
  return text.ok ? text.value : undefined;
}
