// A program on another machine, as one command line for a login shell of which nothing is known: sh, fish and csh agree on
// words in single quotes, as long as these hold no newline, no quote, no `!` and no backslash that is followed by another.
import { Fault } from '../../base/fault.ts';

/** Takes its arguments back from what `encode` makes of them, and becomes the script that is the first. */
const DECODE = [
  'for a do shift',
  'case $a in +*) a=$(printf %b. "${a#+}"); a=${a%.};; *) a=${a#:};; esac',
  'set -- "$@" "$a"; done',
  's=$1; shift; eval "$s"',
].join('; ');

/** The command line that runs a POSIX shell script; the script sees `args` as `$1` and so on. */
export const remoteCommand = (script: string, args: readonly string[]): string =>
  `exec sh -c '${DECODE}' sh ${[script, ...args].map(encode).join(' ')}`;

function encode(word: string): string {
  if (word.includes('\0'))
    throw new Fault('usage', 'An argument for a program on another machine holds a NUL byte');
  if (!/[\n\r!'\\]/.test(word)) return `':${word}'`;
  const octal = word.replace(
    /[\n\r!'\\]/g,
    (character) => `\\0${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `'+${octal}'`;
}
