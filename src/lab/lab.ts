// A lab on this machine: the holder's process and the conversation with the agent in it.
import { Fault } from '../base/fault.ts';
import {
  type AgentEvent,
  type AgentFacts,
  type AgentMethod,
  type AgentMethods,
  PROTOCOL_VERSION,
} from '../model/rpc.ts';
import { CREATION_LIMIT_MS } from '../model/lab-mark.ts';
import { containerNodes } from '../model/plan-containers.ts';
import { hasUplink } from '../model/uplink.ts';
import { connectAgent, readLines } from './agent-client.ts';
import { type Holder, type HolderOptions, startHolder } from './machine/local.ts';
import { hasPrivileges } from './machine/privileges.ts';
import { explainRefusal } from './machine/refusal.ts';
import { startUplink } from './machine/uplink.ts';

export interface LabOptions extends HolderOptions {
  readonly onEvent: (event: AgentEvent) => void;
  /** Lines that the agent writes beside the conversation: warnings and stray output. */
  readonly onLog?: (line: string) => void;
}

export interface Lab {
  readonly id: string;
  readonly facts: AgentFacts;
  call<M extends AgentMethod>(
    method: M,
    params: AgentMethods[M]['params'],
    timeoutMs: number,
  ): Promise<AgentMethods[M]['result']>;
  /** Settles when the lab is gone, whoever ended it. */
  readonly ended: Promise<{ reason: string }>;
  /** Takes the lab down; settles when nothing of it runs any more. */
  close(): Promise<void>;
  /** Leaves the lab running for good; this process may end. */
  detach(): Promise<void>;
}

const HELLO_MS = 20_000;
const KEEP_MS = 5000;
/** How long the agent may take to end by itself before it is killed, beside what its engine may take for containers. */
const CLOSE_MS = 3000;
/** Lines of the agent's last words that a fault repeats. */
const LAST_WORDS = 12;

/** Starts an empty lab. Throws a machine fault with what mends it when this machine does not let it be. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const holder = startHolder(options);
  const client = connectAgent(holder.stdin, holder.stdout, options.onEvent);
  const words: string[] = [];
  readLines(holder.stderr, (line) => {
    words.push(line);
    if (words.length > LAST_WORDS) words.shift();
    options.onLog?.(line);
  });
  let isUp = false;
  let isClosing = false;
  let closeLimit = CLOSE_MS;
  const ended = endOf(holder).then(({ reason, wasKilled }) => {
    const said = words.length > 0 ? `: ${words.join('\n')}` : '';
    const whole = `${reason}${said}`;
    if (isClosing) client.fail(new Fault('run', 'The lab was taken down'));
    else if (isUp || wasKilled || words.some(tellsOfSignal))
      client.fail(new Fault('run', `The lab ended unasked, ${whole}`));
    else client.fail(explainRefusal(words.join('\n') || reason, hasPrivileges()));
    return { reason: whole };
  });
  const close = async (): Promise<void> => {
    isClosing = true;
    holder.stdin.end();
    const timer = setTimeout(() => holder.kill('SIGKILL'), closeLimit);
    await ended;
    clearTimeout(timer);
  };
  try {
    const facts = await client.call(
      'hello',
      { protocol: PROTOCOL_VERSION, labId: options.labId },
      HELLO_MS,
    );
    isUp = true;
    return {
      id: options.labId,
      facts,
      call: async (method, params, timeoutMs) => {
        if (method === 'build' && 'plan' in params) {
          if (containerNodes(params.plan).length > 0) closeLimit = CLOSE_MS + CREATION_LIMIT_MS;
          if (hasUplink(params.plan)) await startUplink(holder, params.plan);
        }
        return client.call(method, params, timeoutMs);
      },
      ended,
      close,
      detach: async () => {
        await client.call('keep', {}, KEEP_MS);
        release(holder);
      },
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** unshare(1) of util-linux 2.38 says this where it means to end by the signal that ended the agent. */
const tellsOfSignal = (line: string): boolean => line.includes('sigprocmask unblock failed');

function endOf(holder: Holder): Promise<{ reason: string; wasKilled: boolean }> {
  return new Promise((resolve) => {
    holder.on('error', (error) => resolve({ reason: error.message, wasKilled: false }));
    // `close`, not `exit`: what it wrote last has then been read.
    holder.on('close', (code, signal) => {
      // unshare(1) of an agent that a signal ended ends by the same signal, or with 128 and its number.
      const wasKilled = signal !== null || (code ?? 0) > 128;
      resolve({
        reason: signal === null ? `exit code ${code ?? -1}` : `killed by ${signal}`,
        wasKilled,
      });
    });
  });
}

/** Lets this process end while the holder stays. */
function release(holder: Holder): void {
  for (const stream of holder.stdio) stream?.destroy();
  holder.unref();
}
