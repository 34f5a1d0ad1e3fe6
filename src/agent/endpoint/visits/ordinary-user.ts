import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AS_ANOTHER } from './visitor.ts';

const execute = promisify(execFile);

/** Milliseconds for a program that takes a few. */
const LIMIT = 5000;

/**
 * Whether programs here can run as another user than root and still reach all that they need. In a lab of an ordinary user all files are that
 * user's, whoever one seems to be; in a lab of root they are many people's, and only root reads them all.
 */
export async function canBeOrdinary(): Promise<boolean> {
  // user_namespaces(7): inside, outside, how many. The machine's own namespace has all of them.
  const map = (await readFile('/proc/self/uid_map', 'utf8')).trim().split(/\s+/);
  if (map.length !== 3 || map[1] === '0') return false;
  const [program = '', ...words] = AS_ANOTHER;
  return execute(program, [...words, 'true'], { timeout: LIMIT }).then(
    () => true,
    () => false,
  );
}
