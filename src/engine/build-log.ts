// What a build says, as lines, and what of it explains a failure. Pure.
import { stripVTControlCharacters } from 'node:util';
import { member } from '../base/member.ts';

export interface BuildLog {
  /** The whole lines that one message of the engine completes. */
  lines(message: unknown): string[];
  /** What was said without a line end. */
  rest(): string[];
  /** Which step failed, how, and the last lines. */
  explain(what: string, failure: string): string;
  /** The image that is wanted, when the step is to fetch one. */
  baseImage(): string | undefined;
}

/** Lines that a failure shows. */
const LAST_LINES = 20;
/** What the builder itself says in between; a program's last line may have no end. */
const BUILDER = /^(Step \d+\/\d+ : | ---> |Removing intermediate container )/;

export function createBuildLog(): BuildLog {
  let rest = '';
  let step = '';
  let last: string[] = [];
  const note = (line: string): void => {
    if (/^Step \d+\/\d+ : /i.test(line)) [step, last] = [line, []];
    else if (!BUILDER.test(line)) last = [...last, line].slice(-LAST_LINES);
  };
  return {
    lines: (message) => {
      const text = textOf(message);
      const parts = `${rest}${rest !== '' && BUILDER.test(text) ? '\n' : ''}${text}`.split('\n');
      rest = parts.pop() ?? '';
      const lines = parts.map(clean).filter((line) => line !== '');
      lines.forEach(note);
      return lines;
    },
    rest: () => {
      const line = clean(rest);
      rest = '';
      if (line === '') return [];
      note(line);
      return [line];
    },
    explain: (what, failure) => {
      const place = step === '' ? '' : ` at ${step.replace(/^S/, 's')}`;
      const words = failure.trim().replace(/\.$/, '');
      const said = last.map((line) => `\n  ${line}`).join('');
      return `Cannot ${what}${place}: ${words}${said}`;
    },
    baseImage: () => / : FROM +(?:--\S+ +)*(\S+)/i.exec(step)?.[1],
  };
}

/** Of a pull within the build only the beginnings and ends: its progress would be hundreds of lines. */
function textOf(message: unknown): string {
  const stream = member(message, 'stream');
  if (typeof stream === 'string') return stream;
  const status = member(message, 'status');
  if (typeof status !== 'string' || member(message, 'progressDetail') !== undefined) return '';
  return `${status}\n`;
}

/** Without colours, and of a line that was written over (\r) the last. */
const clean = (line: string): string =>
  stripVTControlCharacters(line).trimEnd().split('\r').at(-1)?.trimEnd() ?? '';
