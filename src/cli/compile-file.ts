import { type Result, fail, ok } from '../base/result.ts';
import { tell, wantsColour } from './terminal.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { Fault } from '../base/fault.ts';
import type { Input } from './verb.ts';
import type { Plan } from '../model/plan.ts';
import { compile } from '../scenario/compile.ts';
import { readParams } from './params.ts';
import { readText } from './read-text.ts';
import { renderDiagnostics } from '../scenario/render-diagnostics.ts';

export interface Compiled {
  /** Absent when a diagnostic is an error. */
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** Text by file name, the scenario itself first. */
  readonly files: ReadonlyMap<string, string>;
}

/** Compiles one file with the options of the command line. `censors: false` leaves them out whatever the options say. */
export async function compileFile(
  file: string,
  input: Input,
  { censors = true }: { readonly censors?: boolean } = {},
): Promise<Compiled> {
  const text = readText(file);
  const params = await readParams(input);
  const seed = readSeed(input.text('seed'));
  return compile(
    { file, text },
    {
      params,
      ...(seed !== undefined && { seed }),
      censors: censors && !input.has('no-censor'),
      readFile,
    },
  );
}

/** Shows faults and warnings on stderr. */
export function tellDiagnostics({ diagnostics, files }: Compiled): void {
  if (diagnostics.length === 0) return;
  tell(renderDiagnostics(diagnostics, files, { color: wantsColour(process.stderr) }));
}

function readSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new Fault('usage', `Expected a whole number for --seed, found ${JSON.stringify(text)}`);
  return seed;
}

function readFile(path: string): Result<string, string> {
  try {
    return ok(readText(path));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
