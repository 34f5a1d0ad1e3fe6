// The runner's side of the conversation of model/rpc.ts.
import type { Readable, Writable } from 'node:stream';
import { Fault } from '../base/fault.ts';
import type {
  AgentEvent,
  AgentFault,
  AgentMessage,
  AgentMethod,
  AgentMethods,
} from '../model/rpc.ts';

export interface AgentClient {
  /** Asks the agent; throws its fault, or one of its own when no answer comes within `timeoutMs` or the agent is gone. */
  call<M extends AgentMethod>(
    method: M,
    params: AgentMethods[M]['params'],
    timeoutMs: number,
  ): Promise<AgentMethods[M]['result']>;
  /** Fails every call under way and to come. */
  fail(fault: Fault): void;
}

interface Call {
  readonly resolve: (result: unknown) => void;
  readonly reject: (fault: Fault) => void;
}

export function connectAgent(
  input: Writable,
  output: Readable,
  onEvent: (event: AgentEvent) => void,
): AgentClient {
  const calls = new Map<number, Call>();
  let lastId = 0;
  let ended: Fault | undefined;
  // The agent's end is told by its process, with its reason.
  input.on('error', () => undefined);
  readLines(output, (line) => {
    const message = JSON.parse(line) as AgentMessage;
    if ('event' in message) {
      onEvent(message.event);
      return;
    }
    const call = calls.get(message.id);
    calls.delete(message.id);
    if ('fault' in message) call?.reject(toFault(message.fault));
    else call?.resolve(message.result);
  });
  return {
    call: (method, params, timeoutMs) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(ended);
          return;
        }
        lastId += 1;
        const id = lastId;
        const timer = setTimeout(() => {
          calls.delete(id);
          reject(
            new Fault('run', `The agent did not answer "${method}" within ${timeoutMs} ms`, {
              help: 'Look at logs/ in the results folder; a busy machine may need a longer timeout',
            }),
          );
        }, timeoutMs);
        const settle =
          <T>(action: (value: T) => void) =>
          (value: T): void => {
            clearTimeout(timer);
            action(value);
          };
        calls.set(id, {
          // What the agent answers to a method is what model/rpc.ts says.
          resolve: settle(resolve as (result: unknown) => void),
          reject: settle(reject),
        });
        input.write(`${JSON.stringify({ id, method, params })}\n`);
      }),
    fail: (fault) => {
      ended ??= fault;
      for (const { reject } of calls.values()) reject(fault);
      calls.clear();
    },
  };
}

/** Calls `onLine` for each whole line of a stream of text. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

const toFault = ({ kind, message, help }: AgentFault): Fault => new Fault(kind, message, { help });
