// Asks the person at the terminal for a secret. Through /dev/tty, as ssh and sudo do: the standard streams may be pipes.
import { closeSync, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { isTypingOver, startTyping, takeKeys } from './typing.ts';
import type { Ask } from './ssh.ts';

/** One question at a time, however many machines ask. */
let lastQuestion: Promise<unknown> = Promise.resolve();

/** Asks on the controlling terminal; what is typed is not shown. Null without one, and after Ctrl-C or Ctrl-D. */
export const askAtTerminal: Ask = (question) => {
  const answer = lastQuestion.then(() => askNow(question));
  lastQuestion = answer;
  return answer;
};

async function askNow(question: string): Promise<string | null> {
  const fd = openTerminal();
  if (fd === null) return null;
  const terminal = new ReadStream(fd);
  const restore = (): void => void terminal.setRawMode(false);
  process.once('exit', restore);
  try {
    // Raw: nothing is echoed, and Ctrl-C comes as a character.
    terminal.setRawMode(true);
    writeSync(fd, question);
    const typed = await readSecret(terminal);
    restore();
    writeSync(fd, '\n');
    if (typed === 'interrupted') process.kill(process.pid, 'SIGINT');
    return typeof typed === 'object' ? typed.secret : null;
  } finally {
    process.off('exit', restore);
    restore();
    terminal.destroy();
  }
}

function openTerminal(): number | null {
  let fd: number;
  try {
    fd = openSync('/dev/tty', 'r+');
  } catch {
    // No controlling terminal: a service, CI, a pipe.
    return null;
  }
  // A process in the background is stopped by the kernel as soon as it reads (SIGTTIN); that is the terminal's own rule.
  try {
    writeSync(fd, '');
    return fd;
  } catch {
    closeSync(fd);
    return null;
  }
}

type Typed = { readonly secret: string } | 'interrupted' | 'ended';

const readSecret = (terminal: ReadStream): Promise<Typed> =>
  new Promise((resolve) => {
    let typing = startTyping();
    terminal.on('data', (keys: Buffer) => {
      typing = takeKeys(typing, keys.toString('utf8'));
      if (isTypingOver(typing))
        resolve(typing.end === 'entered' ? { secret: typing.text } : typing.end);
    });
    // The terminal was closed.
    terminal.once('error', () => resolve('ended'));
    terminal.once('end', () => resolve('ended'));
  });
