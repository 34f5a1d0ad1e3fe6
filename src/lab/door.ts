// Asks the agent of a lab that outlived its runner.
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Fault } from '../base/fault.ts';
import { doorName } from '../model/lab-mark.ts';
import type { AgentMethod, AgentMethods } from '../model/rpc.ts';
import { connectAgent } from './agent-client.ts';
import type { LiveLab } from './list.ts';

/** Its answer; throws its fault, or a usage fault when nobody answers there. */
export async function askAtDoor<M extends AgentMethod>(
  lab: LiveLab,
  method: M,
  params: AgentMethods[M]['params'],
  timeoutMs: number,
): Promise<AgentMethods[M]['result']> {
  const socket = await knock(lab);
  const client = connectAgent(socket, socket, () => undefined);
  socket.on('close', () => client.fail(new Fault('run', `The lab ${lab.id} has ended`)));
  try {
    return await client.call(method, params, timeoutMs);
  } finally {
    socket.destroy();
  }
}

async function knock({ id, directory }: LiveLab): Promise<ReturnType<typeof connect>> {
  let folder = -1;
  try {
    folder = openSync(join(directory, 'lab'), 'r');
    const socket = connect(`/proc/self/fd/${folder}/${doorName}`);
    await new Promise<void>((resolve, reject) =>
      socket.once('connect', resolve).once('error', reject),
    );
    return socket;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('usage', `The lab ${id} cannot be asked: ${reason}`, {
      help: 'Only labs of "runner up" and "runner apply --keep" can be, by who made them',
      cause,
    });
  } finally {
    if (folder >= 0) closeSync(folder);
  }
}
