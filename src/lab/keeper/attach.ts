// Takes a runner elsewhere back to the keeper of its lab.
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readLine } from '../far/read-line.ts';
import { labsFolder } from '../machine/lab-folder.ts';
import { clearAway } from './clear-away.ts';
import { greetingLine, knock } from './door.ts';

const ORDER_MS = 30_000;

/** Where there is no keeper any more, what it left is cleared away. */
export async function attachKeeper(labId: string): Promise<void> {
  const { stdin, stdout } = process;
  const line = await readLine(stdin, ORDER_MS);
  const socket = await knock(join(labsFolder(), labId));
  if (!socket) {
    const reason = await clearAway(labId, false).then(
      () => 'its keeper is gone',
      (error: unknown) =>
        `its keeper is gone; ${error instanceof Error ? error.message : String(error)}`,
    );
    stdout.write(greetingLine({ kind: 'gone', reason }));
    return;
  }
  socket.write(`${line}\n`);
  await Promise.all([pipeline(stdin, socket), pipeline(socket, stdout)]).catch(() => undefined);
}
