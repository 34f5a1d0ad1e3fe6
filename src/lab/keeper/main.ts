// The keeper's own main: on another machine, `start` keeps a new lab, `attach <lab id>` leads back to one that is kept.
import { isLabId } from '../../model/lab-mark.ts';
import { attachKeeper } from './attach.ts';
import { startKeeper } from './start.ts';

const [verb, labId = ''] = process.argv.slice(2);
for (const signal of ['SIGHUP', 'SIGPIPE', 'SIGINT'] as const) process.on(signal, () => undefined);
if (verb === 'start') await startKeeper();
else if (verb === 'attach' && isLabId(labId)) await attachKeeper(labId);
else {
  process.stderr.write('keeper: it is started by runner on another machine\n');
  process.exitCode = 2;
}
// Streams that nobody reads any more do not hold it up.
process.stdout.end(() => process.exit());
