import { dirname } from 'node:path';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { type Result, fail, ok } from '../base/result.ts';
import { tell, wantsColour } from './terminal.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { Fault } from '../base/fault.ts';
import type { Input } from './verb.ts';
import type { Plan } from '../model/plan.ts';
import { type CompileOptions, compile } from '../scenario/compile.ts';
import { bundleProgram } from './bundle-program.ts';
import { listFolder } from './list-folder.ts';
import { library } from './library.ts';
import { protocols } from './protocols.ts';
import { readParams } from './params.ts';
import { readStream, readText } from './read-text.ts';
import { runInventory } from './run-inventory.ts';
import { renderDiagnostics } from '../scenario/render-diagnostics.ts';

export interface Compiled {
  /** Absent when a diagnostic is an error. */
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** What was read for it, for compiling the same again. */
  readonly sources: Sources;
  /** Text by file name, the scenario itself first. */
  readonly files: ReadonlyMap<string, string>;
}

/** All that a scenario is made of. Whatever is asked for twice is the same: a stream can be read once, a program may change its mind. */
export interface Sources extends Required<
  Pick<
    CompileOptions,
    | 'readFile'
    | 'readBytes'
    | 'listFolder'
    | 'readScript'
    | 'runInventory'
    | 'isFolder'
    | 'library'
    | 'protocols'
  >
> {
  readonly text: string;
}

/** The name that stands for standard input. */
const STDIN = '-';

/**
 * Compiles one file, or what comes on standard input, with the options of the command line. `censors: false` leaves them
 * out whatever the options say; `sources` are those of an earlier compilation, and then nothing is read or run again.
 */
export async function compileFile(
  file: string,
  input: Input,
  {
    censors = true,
    sources: known,
  }: { readonly censors?: boolean; readonly sources?: Sources } = {},
): Promise<Compiled> {
  const sources = known ?? (await readSources(file));
  const params = readParams(input);
  const seed = readSeed(input);
  const compiled = compile(
    { file, text: sources.text },
    {
      params,
      ...(seed !== undefined && { seed }),
      censors: censors && !input.has('no-censor'),
      ...sources,
    },
  );
  return { ...compiled, sources };
}

/** Reads a file, or standard input, and looks for nothing else before it is asked for. */
export async function readSources(file: string): Promise<Sources> {
  const folder = file === STDIN ? '.' : dirname(file);
  const own = library();
  const run = remembered((words: string) => runInventory(wordsOf(words), folder));
  return {
    text: file === STDIN ? await readStream(process.stdin) : readText(file),
    readFile: remembered(readFile),
    readBytes: remembered(readBytes),
    listFolder: remembered((path) => listFolder(atHome(path))),
    readScript: remembered((path) => bundleProgram(atHome(path))),
    runInventory: (argv) => run(argv.join(SEPARATOR)),
    isFolder: remembered(isFolder),
    protocols: protocols(),
    library: { ...own, isFile: remembered((path) => own.isFile(atHome(path))) },
  };
}

/** No word of a command line has it. */
const SEPARATOR = '\0';
const wordsOf = (joined: string): readonly string[] => joined.split(SEPARATOR);

function remembered<T>(get: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key) ?? get(key);
    known.set(key, found);
    return found;
  };
}

/** Shows faults and warnings on stderr. */
export function tellDiagnostics({
  diagnostics,
  files,
}: Pick<Compiled, 'diagnostics' | 'files'>): void {
  if (diagnostics.length === 0) return;
  tell(renderDiagnostics(diagnostics, files, { color: wantsColour(process.stderr) }));
}

/** Undefined: none is given. Throws a usage fault for what is none. */
export function readSeed(input: Input): number | undefined {
  const text = input.text('seed');
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new Fault(
      'usage',
      `Expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER} in ${input.origin('seed')}, found ${JSON.stringify(text)}`,
      { help: 'Any will do: the same seed draws the same again' },
    );
  return seed;
}

const atHome = (path: string): string => path.replace(/^~(?=\/)/, homedir());

const isFolder = (path: string): boolean =>
  statSync(atHome(path), { throwIfNoEntry: false })?.isDirectory() === true;

/** Gives the text of a file, or why there is none. */
export function readFile(path: string): Result<string, string> {
  try {
    return ok(readText(atHome(path)));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** Bytes beyond which a file is not read: a capture may be larger than what a script sends at once. */
const LARGEST_FILE = 256 * 1024 ** 2;

/** Gives the bytes of a file, or why there are none. */
export function readBytes(path: string): Result<Uint8Array, string> {
  try {
    const file = atHome(path);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return fail('it is not there');
    // A device may have no end, and a pipe no writer.
    if (!found.isFile())
      return fail(found.isDirectory() ? 'it is a folder' : 'it is no plain file');
    const { size } = found;
    if (size > LARGEST_FILE)
      return fail(
        `expected at most ${LARGEST_FILE / 1024 ** 2} MiB, found ${Math.ceil(size / 1024 ** 2)}`,
      );
    return ok(readFileSync(file));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
