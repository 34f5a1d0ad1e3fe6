// The way into a lab that outlives its runner: a socket in the lab's folder, where whoever may write there asks what `methods` answer.
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { doorName } from '../model/lab-mark.ts';
import { type AgentHandlers, serveRequests } from './rpc.ts';

/** Resolves when somebody may come. `directory` is the lab's. */
export async function openDoor(directory: string, methods: Partial<AgentHandlers>): Promise<void> {
  const server = createServer((socket) => {
    // Who leaves early has no use for the answer.
    socket.on('error', () => undefined);
    serveRequests(socket, methods, (message) => {
      socket.write(`${JSON.stringify(message)}\n`);
    }).catch(() => socket.destroy());
  });
  // The path of a socket has 108 bytes (unix(7)); by its folder's descriptor it is short, however deep the folder lies.
  const folder = openSync(join(directory, 'lab'), 'r');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(`/proc/self/fd/${folder}/${doorName}`, resolve);
    });
  } finally {
    closeSync(folder);
  }
}
