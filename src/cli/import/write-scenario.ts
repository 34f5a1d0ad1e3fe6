// An imported scenario goes to standard output or into a file, and what the compiler has against it to standard error.
import { EXIT } from '../../base/fault.ts';
import { fail } from '../../base/result.ts';
import { print, printLine } from '../terminal.ts';
import type { Input } from '../verb.ts';
import { compile } from '../../scenario/compile.ts';
import { shellWords } from '../../base/shell-words.ts';
import { tellDiagnostics } from '../compile-file.ts';
import { writeText } from '../write-text.ts';

/** The exit code: whether the scenario compiles. */
export function writeScenario(input: Input, text: string): number {
  const out = input.text('write');
  const isSound = tellFaults(out ?? 'scenario.yaml', text);
  if (out === undefined) print(text);
  else {
    const help = 'Name another file, or write over it with --force';
    writeText(out, text, { force: input.has('force'), help });
    printLine(`${out} is written; look at it: runner validate ${shellWords([out])}`);
  }
  return isSound ? EXIT.ok : EXIT.badScenario;
}

/** What the compiler has against the scenario, which is there to be mended: whether it has nothing. */
function tellFaults(file: string, text: string): boolean {
  const { plan, diagnostics, files } = compile(
    { file, text },
    { readFile: () => fail('an imported scenario is one file') },
  );
  const faults = diagnostics.filter(({ severity }) => severity === 'error');
  tellDiagnostics({
    diagnostics: faults.map((fault) => ({ ...fault, severity: 'warning' })),
    files,
  });
  return plan !== undefined;
}
