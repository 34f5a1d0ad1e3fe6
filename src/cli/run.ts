import { printJson, printLine } from './terminal.ts';
import { EXIT } from '../base/fault.ts';
import { VERSION } from './version.ts';
import { faultSummary } from './fault-summary.ts';
import { tellFault } from './tell-fault.ts';

/** From arguments to exit code. Prints every fault itself. */
export async function run(argv: readonly string[]): Promise<number> {
  // Before the parser is loaded: scripts ask this often, and it answers in the time that Node takes to start.
  if (argv.length === 1 && argv[0] === '--version') {
    printLine(VERSION);
    return EXIT.ok;
  }
  try {
    const { parseArgv } = await import('./program.ts');
    const invocation = parseArgv(argv, VERSION);
    switch (invocation.kind) {
      case 'printed':
        return invocation.exitCode;
      case 'complete': {
        const { printCandidates } = await import('./complete.ts');
        await printCandidates(invocation.words);
        return EXIT.ok;
      }
      case 'verb': {
        const { run: runVerb } = await invocation.verb.load();
        return await runVerb(invocation.input);
      }
    }
  } catch (error) {
    const { wantsJson } = await import('./wants-json.ts');
    if (wantsJson(argv, process.env)) printJson(faultSummary(error));
    return tellFault(error);
  }
}
