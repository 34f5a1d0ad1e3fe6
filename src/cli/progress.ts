// Progress on stderr: a line that lives while a phase lasts on a terminal, plain lines anywhere else.
import type { Progress } from '../trial/progress.ts';
import type { WriteStream } from 'node:tty';
import { paintFor } from './terminal.ts';
import { printable } from '../report/escape.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const TITLE_WIDTH = 16;
/** ECMA-48: back to the first column, and erase to the end of the line. */
const CLEAR = '\r\u001b[K';

type Stream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** `quiet` leaves only warnings. */
export function makeProgress(stream: Stream, quiet: boolean): Progress {
  const paint = paintFor(stream);
  const live = stream.isTTY === true && process.env['TERM'] !== 'dumb' && !quiet;
  let phase: { readonly title: string; readonly begun: number; detail: string } | null = null;
  let ticker: NodeJS.Timeout | undefined;

  const line = (text: string): void => void stream.write(`${live ? CLEAR : ''}${text}\n`);
  const draw = (): void => {
    if (!phase) return;
    const millis = performance.now() - phase.begun;
    const frame = FRAMES[Math.floor(millis / FRAME_MS) % FRAMES.length] ?? '';
    const text = `${frame} ${phase.title.padEnd(TITLE_WIDTH)}${phase.detail || seconds(millis)}`;
    // A line that wraps cannot be erased. A terminal that does not know its width says 0.
    const width = stream.columns === 0 ? 80 : (stream.columns ?? 80);
    stream.write(CLEAR + text.slice(0, width - 1));
  };
  const stop = (mark: string | null, detail: string): void => {
    clearInterval(ticker);
    if (phase && mark !== null && !quiet)
      line(`${mark} ${phase.title.padEnd(TITLE_WIDTH)}${printable(detail)}`.trimEnd());
    else if (live) stream.write(CLEAR);
    phase = null;
  };
  return {
    note: (text) => {
      if (!quiet) line(printable(text));
    },
    begin: (title) => {
      phase = { title, begun: performance.now(), detail: '' };
      if (!live) return;
      draw();
      ticker = setInterval(draw, FRAME_MS).unref();
    },
    update: (detail) => {
      if (phase) phase.detail = printable(detail);
    },
    end: (detail) => stop(detail === null ? null : paint.good('✔'), detail ?? ''),
    fail: () => stop(paint.bad('✘'), ''),
    warn: (text) => line(`${paint.bad('warning')}: ${printable(text)}`),
  };
}

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`;
