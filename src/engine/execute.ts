// A program in a running container, over a connection of its own.
import type { Duplex } from 'node:stream';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Exec } from 'dockerode';
import { Fault } from '../base/fault.ts';
import { ANSWER_MS, type EngineClient, ask, askForStream } from './client.ts';
import { environmentList } from './create-options.ts';
import type { ExecOrder, Execution } from './engine.ts';
import { takeOutputs } from './outputs.ts';

/** How often the engine is asked whether a program has ended whose outputs have, in milliseconds: first, and at most. */
const POLL_MS = { first: 5, most: 500 } as const;

export async function execute(
  client: EngineClient,
  id: string,
  order: ExecOrder,
): Promise<Execution> {
  const what = `run ${JSON.stringify(order.argv[0] ?? '')} in container ${id.slice(0, 12)}`;
  const container = client.docker.getContainer(id);
  const exec = await ask(what, ANSWER_MS, (abortSignal) =>
    container.exec({
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: order.tty,
      Cmd: [...order.argv],
      Env: environmentList(order.environment),
      ...(order.user !== undefined && { User: order.user }),
      abortSignal,
    }),
  );
  const connection = await askForStream(what, ANSWER_MS, (abortSignal) =>
    exec.start({ hijack: true, stdin: true, Tty: order.tty, abortSignal }),
  );
  const { stdout, stderr, drained } = takeOutputs(connection, order.tty);
  const ended = drained.then((cutOff) => exitCode(client, exec, what, cutOff));
  // Whoever waits for it hears of it; nobody need.
  ended.catch(() => undefined);
  return {
    stdin: inputOf(connection),
    stdout,
    stderr,
    ended,
    resize: async (columns, rows) => {
      await ask(`resize the terminal in container ${id.slice(0, 12)}`, ANSWER_MS, (abortSignal) =>
        exec.resize({ w: columns, h: rows, abortSignal }),
      );
    },
  };
}

/** Ending or destroying it closes our half of the connection; what the program still says comes through. */
function inputOf(connection: Duplex): Writable {
  const input = new Writable({
    write: (chunk, _encoding, done) => {
      connection.write(chunk, done);
    },
    final: (done) => {
      connection.end();
      done();
    },
    destroy: (error, done) => {
      connection.end();
      done(error);
    },
  });
  // A program that ended before it had read everything is no fault; its exit code tells.
  input.on('error', () => undefined);
  return input;
}

/** The program may go on after it has closed its outputs, and the engine may take a moment to notice its end. */
async function exitCode(
  client: EngineClient,
  exec: Exec,
  what: string,
  cutOff: Error | undefined,
): Promise<number> {
  for (let pause: number = POLL_MS.first; ; pause = Math.min(2 * pause, POLL_MS.most)) {
    const { Running, ExitCode, ContainerID } = await ask(what, ANSWER_MS, (abortSignal) =>
      exec.inspect({ abortSignal }),
    );
    // Not every engine writes null before the end.
    const code: unknown = ExitCode;
    if (!Running && typeof code === 'number') return code;
    if (cutOff)
      throw new Fault('run', `Cannot ${what}: its connection broke (${cutOff.message})`, {
        help: 'See whether the engine was restarted, and run again',
      });
    // An engine that was killed may never learn how a program in a container ended: it ended with the container.
    if (pause === POLL_MS.most && !(await isRunning(client, ContainerID)))
      throw new Fault('run', `Cannot ${what}: the container ended before it did`);
    await delay(pause);
  }
}

async function isRunning(client: EngineClient, id: string): Promise<boolean> {
  const container = client.docker.getContainer(id);
  const { State } = await ask('inspect a container', ANSWER_MS, (abortSignal) =>
    container.inspect({ abortSignal }),
  );
  return State.Running;
}
