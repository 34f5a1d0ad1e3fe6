// How a program on another machine becomes root's: by sudo(8), which asks for a password, if it needs one, through our own
// streams alone. The password is in no argument, no environment and no message.
import { randomBytes } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { Fault } from '../../base/fault.ts';
import type { Ask, SshChannel, SshConnection, Terminal } from '../../ssh/ssh.ts';
import { collect } from './collect.ts';
import { remoteCommand } from './remote-command.ts';
import { withSignal } from './with-signal.ts';

/** 1 the prompt, 2 what is written once the program begins; then the program. */
const ELEVATE = `
if [ "$(id -u)" = 0 ]; then
  printf %s "$2" >&2
  shift 2
  exec "$@"
fi
command -v sudo >/dev/null 2>&1 || { echo "sudo is not installed" >&2; exit 127; }
prompt=$1 begun=$2
shift 2
exec sudo -S -H -p "$prompt" -- sh -c 'printf %s "$0" >&2; exec "$@"' "$begun" "$@"
`;

export interface Elevation {
  /** The machine's name, for messages. */
  readonly machine: string;
  readonly reached: string;
  readonly ask: Ask;
  /** What was typed and found right; lives as long as this process. */
  readonly kept: { password: string | null };
  /** Milliseconds that sudo may take to ask or to begin; those in which a person types do not count. */
  readonly limit?: number;
}

const SUDO_MS = 30_000;

/** Starts a program as root; settles when it begins. A machine fault when sudo does not let it, or the signal's reason. */
export async function execElevated(
  connection: SshConnection,
  argv: readonly string[],
  elevation: Elevation,
  signal: AbortSignal,
  terminal?: Terminal,
): Promise<SshChannel> {
  const [prompt, begun] = [newMark(), newMark()];
  const command = remoteCommand(ELEVATE, [prompt, begun, ...argv]);
  const channel = await withSignal(connection.exec(command, terminal), signal);
  // With a terminal, sudo's words come where the program's output does.
  const watched = terminal ? channel.stdout : channel.stderr;
  let rest: Buffer;
  try {
    rest = await converse(channel, watched, { prompt, begun }, elevation, signal);
  } catch (error) {
    channel.close();
    void dismiss(connection, begun);
    throw error;
  }
  const stream = new PassThrough();
  if (rest.length > 0) stream.write(rest);
  watched.pipe(stream);
  return terminal ? { ...proxy(channel), stdout: stream } : { ...proxy(channel), stderr: stream };
}

/** Random: no other text is taken for it, in no language. */
const newMark = (): string => `[${randomBytes(12).toString('hex')}]`;

/** An object of its own: a channel may be an instance of a class. */
const proxy = (channel: SshChannel): SshChannel => ({
  stdin: channel.stdin,
  stdout: channel.stdout,
  stderr: channel.stderr,
  ended: channel.ended,
  resize: (columns, rows) => channel.resize(columns, rows),
  close: () => channel.close(),
});

/** Answers sudo until the program begins; gives what it has written by then. */
function converse(
  channel: SshChannel,
  watched: Readable,
  marks: { readonly prompt: string; readonly begun: string },
  elevation: Elevation,
  signal: AbortSignal,
): Promise<Buffer> {
  const { kept, limit = SUDO_MS } = elevation;
  let held: Buffer = Buffer.alloc(0);
  let words = '';
  let tried: string | null = null;
  let keptIsWrong = false;
  let isAsking = false;
  return new Promise((resolve, reject) => {
    const onLate = (): void => fail(unanswered(words + held.toString(), limit, elevation));
    let timer = setTimeout(onLate, limit);
    const onAbort = (): void => fail(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      watched.off('data', read).off('end', onEnd).off('close', onEnd).off('error', onEnd);
      watched.pause();
    };
    const fail = (fault: unknown): void => {
      stop();
      reject(fault instanceof Error ? fault : new Error(String(fault)));
    };
    const onEnd = (): void => {
      if (isAsking) return;
      fail(refusal(words + held.toString(), elevation, tried !== null));
    };
    const read = (bytes: Buffer): void => {
      held = Buffer.concat([held, bytes]);
      const start = held.indexOf(marks.begun);
      if (start >= 0) {
        if (tried !== null) kept.password = tried;
        stop();
        resolve(held.subarray(start + marks.begun.length));
        return;
      }
      const asked = held.indexOf(marks.prompt);
      if (asked < 0) return;
      words += held.toString('utf8', 0, asked);
      held = held.subarray(asked + marks.prompt.length);
      isAsking = true;
      clearTimeout(timer);
      answer().catch(fail);
    };
    const answer = async (): Promise<void> => {
      const { machine, reached, ask } = elevation;
      keptIsWrong ||= tried !== null;
      tried = keptIsWrong ? null : kept.password;
      tried ??= await ask(
        `${keptIsWrong ? 'sudo did not take it. ' : ''}Password of ${reached} for sudo on machine "${machine}": `,
      );
      if (tried === null) throw nobodyToAsk(elevation);
      if (signal.aborted) return;
      channel.stdin.write(`${tried}\n`);
      isAsking = false;
      timer = setTimeout(onLate, limit);
      if (channel.stdin.destroyed) onEnd();
    };
    channel.stdin.on('error', () => undefined);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    watched.on('data', read).on('end', onEnd).on('close', onEnd).on('error', onEnd);
  });
}

/** 1 what is in the command line of a sudo that is to end: closing its channel alone does not reach it. */
const DISMISS = `
for file in /proc/[0-9]*/cmdline; do
  pid=\${file#/proc/}
  pid=\${pid%/*}
  [ "$pid" != "$$" ] && grep -qsF -e "$1" "$file" && kill "$pid" 2>/dev/null
done
`;
const DISMISS_MS = 5000;

/** Best effort: the connection may be what failed, and sudo root's by now. */
async function dismiss(connection: SshConnection, begun: string): Promise<void> {
  try {
    const over = AbortSignal.timeout(DISMISS_MS);
    const channel = await withSignal(connection.exec(remoteCommand(DISMISS, [begun])), over);
    await collect(channel, DISMISS_MS, 'Ending sudo');
  } catch {
    // What sudo waits for is its own matter.
  }
}

const HELP =
  'Let its user run everything by sudo there, with a line like "USER ALL=(ALL) NOPASSWD: ALL" written by visudo, or leave "become" out';

const nobodyToAsk = ({ machine, reached }: Elevation): Fault =>
  new Fault(
    'machine',
    `sudo on machine "${machine}" (${reached}) wants a password and there is no terminal to ask for it, or nothing was typed`,
    {
      help: 'Run runner from a terminal, or let its user become root without one there: a line like "USER ALL=(ALL) NOPASSWD: ALL" written by visudo',
    },
  );

const wordsOf = (said: string): string =>
  said
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');

const unanswered = (said: string, limit: number, { machine, reached }: Elevation): Fault =>
  new Fault(
    'machine',
    `sudo on machine "${machine}" (${reached}) neither asked for a password nor began within ${limit / 1000} s: ` +
      `"${wordsOf(said) || 'no word'}"`,
    { help: `See what it waits for: ssh ${reached.replace(/:\d+$/, '')} sudo id` },
  );

function refusal(said: string, { machine, reached }: Elevation, wasAsked: boolean): Fault {
  return new Fault(
    'machine',
    `Cannot become root on machine "${machine}" (${reached}) by sudo: ${wordsOf(said) || 'it ended without a word'}`,
    { help: wasAsked ? `Type the password of ${reached}. ${HELP}` : HELP },
  );
}
