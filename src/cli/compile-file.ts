import { dirname } from 'node:path';
import { homedir } from 'node:os';
import { type Result, fail, ok } from '../base/result.ts';
import { tell, wantsColour } from './terminal.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { Fault } from '../base/fault.ts';
import type { Input } from './verb.ts';
import type { Plan } from '../model/plan.ts';
import { compile } from '../scenario/compile.ts';
import { readParams } from './params.ts';
import { readStream, readText } from './read-text.ts';
import { runInventory } from './run-inventory.ts';
import { renderDiagnostics } from '../scenario/render-diagnostics.ts';

export interface Compiled {
  /** Absent when a diagnostic is an error. */
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** Of the scenario itself: a stream can be read only once. */
  readonly text: string;
  /** Text by file name, the scenario itself first. */
  readonly files: ReadonlyMap<string, string>;
}

/** The name that stands for standard input. */
const STDIN = '-';

/**
 * Compiles one file, or what comes on standard input, with the options of the command line. `censors: false` leaves them
 * out whatever the options say; `text` is the file's when it was read before.
 */
export async function compileFile(
  file: string,
  input: Input,
  { censors = true, text: known }: { readonly censors?: boolean; readonly text?: string } = {},
): Promise<Compiled> {
  const text = known ?? (file === STDIN ? await readStream(process.stdin) : readText(file));
  const params = readParams(input);
  const seed = readSeed(input);
  const compiled = compile(
    { file, text },
    {
      params,
      ...(seed !== undefined && { seed }),
      censors: censors && !input.has('no-censor'),
      readFile,
      runInventory: (argv) => runInventory(argv, file === STDIN ? '.' : dirname(file)),
    },
  );
  return { ...compiled, text };
}

/** Shows faults and warnings on stderr. */
export function tellDiagnostics({
  diagnostics,
  files,
}: Pick<Compiled, 'diagnostics' | 'files'>): void {
  if (diagnostics.length === 0) return;
  tell(renderDiagnostics(diagnostics, files, { color: wantsColour(process.stderr) }));
}

function readSeed(input: Input): number | undefined {
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

function readFile(path: string): Result<string, string> {
  try {
    return ok(readText(path.replace(/^~(?=\/)/, homedir())));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
