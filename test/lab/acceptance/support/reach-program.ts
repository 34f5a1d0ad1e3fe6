// reach-program.ts PORT all|none ADDRESS…: exits 0 when all, or none, of the addresses answer.
import { reach } from './reach.ts';

const [port = '', wished, ...addresses] = process.argv.slice(2);
const reached = await reach(Number(port), addresses);
process.stdout.write(`reached: ${reached.join(' ')}\n`);
process.exitCode = reached.length === (wished === 'all' ? addresses.length : 0) ? 0 : 1;
