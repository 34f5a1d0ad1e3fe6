import { drained, ignoreLostReaders } from './cli/terminal.ts';
import { run } from './cli/run.ts';

ignoreLostReaders();
const exitCode = await run(process.argv.slice(2));
await drained();
// Whatever is still open by mistake must not keep a finished command alive.
process.exit(exitCode);
