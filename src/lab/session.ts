// The conversation with one agent, from its first word to its end.
import { Fault } from '../base/fault.ts';
import { CREATION_LIMIT_MS } from '../model/lab-mark.ts';
import { hasContainers } from '../model/plan-containers.ts';
import {
  type AgentEvent,
  type AgentFacts,
  type AgentMethod,
  type AgentMethods,
  PROTOCOL_VERSION,
} from '../model/rpc.ts';
import { connectAgent, readLines } from './agent-client.ts';
import type { AgentProcess } from './agent-process.ts';

export interface SessionOptions {
  readonly labId: string;
  readonly onEvent: (event: AgentEvent) => void;
  /** Lines that the agent writes beside the conversation. */
  readonly onLog: (line: string) => void;
  /** Why an agent ended before its first word, from what it and its holder wrote. */
  readonly explainRefusal: (detail: string) => Fault;
}

export interface Session {
  readonly facts: AgentFacts;
  call<M extends AgentMethod>(
    method: M,
    params: AgentMethods[M]['params'],
    timeoutMs: number,
  ): Promise<AgentMethods[M]['result']>;
  /** Settles when the agent is gone, whoever ended it. */
  readonly ended: Promise<SessionEnd>;
  /** Takes its lab down; settles when nothing of it runs any more. */
  close(): Promise<void>;
}

export interface SessionEnd {
  readonly reason: string;
  /** Whether it is known that nothing of the lab runs any more. */
  readonly isCertain: boolean;
}

const HELLO_MS = 20_000;
/** How long the agent may take to end by itself before it is killed, beside what its engine may take for containers. */
const CLOSE_MS = 3000;
/** Lines of the agent's last words that a fault repeats. */
const LAST_WORDS = 12;

/** Throws the fault of an agent that does not come up; then nothing of it runs. */
export async function startSession(
  agent: AgentProcess,
  { labId, onEvent, onLog, explainRefusal }: SessionOptions,
): Promise<Session> {
  const client = connectAgent(agent.input, agent.output, onEvent);
  const words: string[] = [];
  readLines(agent.log, (line) => {
    words.push(line);
    if (words.length > LAST_WORDS) words.shift();
    onLog(line);
  });
  let isUp = false;
  let isClosing = false;
  let closeLimit = CLOSE_MS;
  const ended = agent.ended.then(({ reason, wasKilled, isUnknown = false }) => {
    const whole = words.length > 0 ? `${reason}: ${words.join('\n')}` : reason;
    if (isClosing) client.fail(new Fault('run', 'The lab was taken down'));
    else if (isUp || wasKilled || words.some(tellsOfSignal))
      client.fail(new Fault('run', `The lab ended unasked, ${whole}`));
    else client.fail(explainRefusal(words.join('\n') || reason));
    return { reason: whole, isCertain: !isUnknown };
  });
  const close = async (): Promise<void> => {
    isClosing = true;
    agent.input.end();
    const timer = setTimeout(() => agent.kill(), closeLimit);
    await ended;
    clearTimeout(timer);
  };
  try {
    const hello = { protocol: PROTOCOL_VERSION, labId };
    const facts = await client.call('hello', hello, HELLO_MS);
    isUp = true;
    return {
      facts,
      call: (method, params, timeoutMs) => {
        if (method === 'build' && 'plan' in params && hasContainers(params.plan))
          closeLimit = CLOSE_MS + CREATION_LIMIT_MS;
        return client.call(method, params, timeoutMs);
      },
      ended,
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** unshare(1) of util-linux 2.38 says this where it means to end by the signal that ended the agent. */
const tellsOfSignal = (line: string): boolean => line.includes('sigprocmask unblock failed');
