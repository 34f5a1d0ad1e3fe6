// The agent's side of the conversation of model/rpc.ts: one JSON object a line.
import type { Readable } from 'node:stream';
import { Fault } from '../base/fault.ts';
import type {
  AgentFault,
  AgentMessage,
  AgentMethod,
  AgentMethods,
  AgentRequest,
} from '../model/rpc.ts';
import { StepFault } from './build/step-fault.ts';

export type AgentHandlers = {
  readonly [M in AgentMethod]: (
    params: AgentMethods[M]['params'],
  ) => Promise<AgentMethods[M]['result']>;
};

/** Answers requests until the input ends; calls run side by side. */
export async function serveRequests(
  input: Readable,
  handlers: Partial<AgentHandlers>,
  send: (message: AgentMessage) => void,
): Promise<void> {
  input.setEncoding('utf8');
  let rest = '';
  for await (const chunk of input as AsyncIterable<string>) {
    rest += chunk;
    // A plan may be megabytes in one line: only its last chunk is worth a look at the whole.
    if (!chunk.includes('\n')) continue;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) void answer(line, handlers, send);
  }
}

async function answer(
  line: string,
  handlers: Partial<AgentHandlers>,
  send: (message: AgentMessage) => void,
): Promise<void> {
  // The runner of this same version wrote it.
  const { id, method, params } = JSON.parse(line) as AgentRequest;
  try {
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    if (!handler) throw new Fault('run', `The agent knows no method "${method}"`);
    // One number, one method: its parameters are of its kind, which the type of the union cannot say.
    const result = await handler(params as never);
    send({ id, result });
  } catch (error) {
    send({ id, fault: toAgentFault(error) });
  }
}

/** A fault as it crosses the wire; what is none is a bug of ours and keeps its stack. */
export function toAgentFault(error: unknown): AgentFault {
  if (error instanceof Fault)
    return {
      kind: error.kind,
      message: error.message,
      ...(error.help !== undefined && { help: error.help }),
      ...(error instanceof StepFault && { step: error.step }),
    };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'run', message };
}
