// Runs a censor program in JavaScript: node program-host.js FILE. Standard input and output are the censor's; what the program prints goes
// to standard error, which is the censor's log. Its end is that of its input.
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { programOf } from './load-program.ts';
import { Session } from './session.ts';

const { stdin, stdout, stderr } = process;
const write = stdout.write.bind(stdout);
// Nobody listens any more: the censor is gone, or has given this program up.
stdout.on('error', () => process.exit(0));
stdout.write = stderr.write.bind(stderr);
const file = process.argv[2] ?? '';
const program = programOf((await import(pathToFileURL(resolve(file)).href)) as object);
if (!program.ok) {
  stderr.write(`${file}: ${program.error}\n`);
  process.exit(2);
}
const session = new Session(program.value, {
  write: (line) => void write(`${line}\n`),
  log: (text) => void stderr.write(`${text}\n`),
});
const lines = createInterface({ input: stdin, crlfDelay: Infinity });
lines.on('line', (line) => session.hear(line));
lines.on('close', () => process.exit(0));
