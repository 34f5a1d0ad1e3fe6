// One container's life: created, started, looked at, listened to, stopped.
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { Readable } from 'node:stream';
import type { Container, ContainerInspectInfo } from 'dockerode';
import { Fault } from '../base/fault.ts';
import { ANSWER_MS, CHANGE_MS, type EngineClient, ask, askForStream } from './client.ts';
import { createOptions } from './create-options.ts';
import type { ContainerOrder, ContainerState } from './engine.ts';
import { statusOf } from './explain-failure.ts';
import { takeOutputs } from './outputs.ts';

/** How long a killed container may take to end, in milliseconds: its last pages go to the disk first. */
const KILLED_MS = 30_000;

export async function createContainer(
  client: EngineClient,
  order: ContainerOrder,
): Promise<string> {
  const securityOptions = await Promise.all(order.spec.securityOptions.map(readProfile));
  const options = createOptions({ ...order, spec: { ...order.spec, securityOptions } });
  const { id } = await ask(`create container ${order.name}`, CHANGE_MS, (abortSignal) =>
    client.docker.createContainer({ ...options, abortSignal }),
  );
  return id;
}

/** The API wants a seccomp profile itself where the command line takes its file. */
async function readProfile(option: string): Promise<string> {
  const file = /^seccomp[=:](.+)$/s.exec(option)?.[1];
  if (file === undefined || file === 'unconfined' || file === 'builtin' || file.startsWith('{'))
    return option;
  const help = 'Give the absolute path of a JSON file, or "seccomp=unconfined"';
  if (!isAbsolute(file))
    throw new Fault('usage', `Expected an absolute path in ${JSON.stringify(option)}`, { help });
  try {
    return `seccomp=${await readFile(file, 'utf8')}`;
  } catch (cause) {
    throw new Fault('usage', `Cannot read the seccomp profile ${file}`, { help, cause });
  }
}

export async function startContainer(client: EngineClient, id: string): Promise<void> {
  const container = client.docker.getContainer(id);
  await ask(`start container ${id.slice(0, 12)}`, CHANGE_MS, (abortSignal) =>
    // Already running (304) is what was wished for.
    container.start({ abortSignal }).catch((error: unknown) => {
      if (statusOf(error) !== 304) throw error;
    }),
  );
}

export async function inspectContainer(client: EngineClient, id: string): Promise<ContainerState> {
  return stateOf(await inspect(client, id));
}

const inspect = (client: EngineClient, id: string): Promise<ContainerInspectInfo> =>
  ask(`inspect container ${id.slice(0, 12)}`, ANSWER_MS, (abortSignal) =>
    client.docker.getContainer(id).inspect({ abortSignal }),
  );

export function stateOf({ State }: Pick<ContainerInspectInfo, 'State'>): ContainerState {
  const state = State.Running ? 'running' : isUnstarted(State) ? 'created' : 'exited';
  return {
    state,
    pid: State.Running && State.Pid > 0 ? State.Pid : null,
    exitCode: state === 'exited' ? State.ExitCode : null,
    oomKilled: State.OOMKilled,
    error: State.Error,
  };
}

/** Podman calls it `configured` or `initialized`. A start that failed leaves Docker's at `created`, with an exit code. */
const isUnstarted = ({ Status }: ContainerInspectInfo['State']): boolean =>
  ['created', 'configured', 'initialized'].includes(Status);

export async function stopContainer(
  client: EngineClient,
  id: string,
  signal: string | null,
  graceMs: number,
): Promise<void> {
  const container = client.docker.getContainer(id);
  const what = `stop container ${id.slice(0, 12)}`;
  if (graceMs > 0) {
    await sendSignal(container, signal ?? (await ownStopSignal(client, id)), what);
    if (await hasEnded(container, graceMs, what)) return;
  }
  await sendSignal(container, 'SIGKILL', what);
  if (await hasEnded(container, KILLED_MS, what)) return;
  throw new Fault('machine', `Cannot ${what}: it still runs ${KILLED_MS / 1000} s after SIGKILL`, {
    help: 'A process of it hangs in the kernel: "ps -eo pid,stat,wchan,args" shows it in state D',
  });
}

async function ownStopSignal(client: EngineClient, id: string): Promise<string> {
  // docker.d.ts leaves it out.
  const own: unknown = Reflect.get((await inspect(client, id)).Config, 'StopSignal');
  return typeof own === 'string' && own !== '' ? own : 'SIGTERM';
}

async function sendSignal(container: Container, signal: string, what: string): Promise<void> {
  await ask(what, ANSWER_MS, (abortSignal) =>
    container.kill({ signal, abortSignal }).catch((error: unknown) => {
      // Not running (409, older engines 500), or gone.
      if (
        statusOf(error) !== 409 &&
        statusOf(error) !== 404 &&
        !String(error).includes('not running')
      )
        throw error;
    }),
  );
}

async function hasEnded(container: Container, limitMs: number, what: string): Promise<boolean> {
  const signal = AbortSignal.timeout(limitMs);
  try {
    await ask(what, limitMs + ANSWER_MS, () =>
      container.wait({ condition: 'not-running', abortSignal: signal }),
    );
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return true;
    if (signal.aborted) return false;
    throw error;
  }
}

/** The connection is there before this settles, so that of a container started afterwards not a byte is lost. */
export async function attachOutput(
  client: EngineClient,
  id: string,
  isTty: boolean,
): Promise<{ readonly stdout: Readable; readonly stderr: Readable }> {
  const container = client.docker.getContainer(id);
  const connection = await askForStream(
    `attach to container ${id.slice(0, 12)}`,
    ANSWER_MS,
    (abortSignal) =>
      container.attach({ stream: true, stdout: true, stderr: true, hijack: true, abortSignal }),
  );
  const { stdout, stderr } = takeOutputs(connection, isTty);
  return { stdout, stderr };
}
