// What a person should read of what a program said that went wrong.

/** Lines at the end that are repeated when none of them tells more than the others. */
const LINES = 6;
/** How Node.js begins the line that says what an error is. */
const ERROR = /^(?:Uncaught )?[A-Za-z.]*Error(?: \[\w+\])?: ./;
/** What Node.js writes around that line. */
const AROUND = /^(?:at .|\^+$|node:|Node\.js v\d|[{}]$|throw |return |code: ')/;

/** The line that names the error where there is one, or else the last few. */
export function lastWords(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const error = lines.find((line) => ERROR.test(line));
  if (error !== undefined) return error;
  return lines
    .filter((line) => !AROUND.test(line))
    .slice(-LINES)
    .join('; ');
}
