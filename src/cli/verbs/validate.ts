import { type Compiled, compileFile, tellDiagnostics } from '../compile-file.ts';
import { diagnosticsToJson, diagnosticsToSarif } from '../../scenario/render-diagnostics.ts';
import { printJson, printLine } from '../terminal.ts';
import { EXIT } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { VERSION } from '../version.ts';

export async function run(input: Input): Promise<number> {
  const compiled: Compiled[] = [];
  for (const file of input.words) {
    const result = await compileFile(file, input);
    compiled.push(result);
    if (input.has('json') || input.has('sarif')) continue;
    tellDiagnostics(result);
    if (result.plan) printLine(`${file}: ok`);
  }
  const diagnostics = compiled.flatMap((result) => result.diagnostics);
  if (input.has('sarif')) printJson(diagnosticsToSarif(diagnostics, VERSION));
  else if (input.has('json')) printJson(diagnosticsToJson(diagnostics));
  return compiled.every((result) => result.plan) ? EXIT.ok : EXIT.badScenario;
}
