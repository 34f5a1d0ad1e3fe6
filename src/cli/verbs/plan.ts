import { compileFile, tellDiagnostics } from '../compile-file.ts';
import { print, printJson, printLine } from '../terminal.ts';
import { EXIT } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { renderPlan } from '../../scenario/render-plan.ts';

export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const compiled = await compileFile(file, input);
  tellDiagnostics(compiled);
  if (!compiled.plan) {
    const { diagnostics } = compiled;
    if (input.has('json')) printJson({ scenario: file, status: 'invalid', diagnostics });
    return EXIT.badScenario;
  }
  if (input.has('json')) printLine(canonicalJson(compiled.plan, 2));
  else print(renderPlan(compiled.plan));
  return EXIT.ok;
}
