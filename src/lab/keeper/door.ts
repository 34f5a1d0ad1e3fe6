// The door of a running keeper: a socket in the lab's folder at which whoever knows the token takes over the conversation.
import { timingSafeEqual } from 'node:crypto';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { chdir, cwd } from 'node:process';
import { readLine } from '../far/read-line.ts';
import { type AttachOrder, GREETING_MARK, type KeeperGreeting } from '../far/keeper-protocol.ts';

const SOCKET = 'keeper.sock';
const ORDER_MS = 10_000;

export const greetingLine = (greeting: KeeperGreeting): string =>
  `${GREETING_MARK}${JSON.stringify(greeting)}\n`;

/** Opens the door; from now on the working directory is the lab's: a socket's path is at most 107 bytes (unix(7)). */
export function openDoor(
  directory: string,
  token: string,
  onGuest: (guest: Socket) => void,
): Promise<Server> {
  chdir(directory);
  const server = createServer((guest) => {
    guest.on('error', () => undefined);
    readLine(guest, ORDER_MS).then(
      (line) => {
        if (!isSame(tokenOf(line), token)) {
          guest.end(greetingLine({ kind: 'refused', reason: 'the token is another' }));
          return;
        }
        guest.write(greetingLine({ kind: 'attached', directory }));
        onGuest(guest);
      },
      () => guest.destroy(),
    );
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(SOCKET, () => resolve(server));
  });
}

/** Empty when the line is no order. */
function tokenOf(line: string): string {
  try {
    const { token } = JSON.parse(line) as Partial<AttachOrder>;
    return typeof token === 'string' ? token : '';
  } catch {
    return '';
  }
}

function isSame(given: string, token: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A connection to the keeper of the lab with that folder; undefined when there is none. */
export function knock(directory: string): Promise<Socket | undefined> {
  const before = cwd();
  try {
    chdir(directory);
  } catch {
    return Promise.resolve(undefined);
  }
  return new Promise((resolve) => {
    const socket = connect(SOCKET);
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => resolve(socket));
    chdir(before);
  });
}

/** Whether the lab with that folder has a keeper that runs. */
export async function isKept(directory: string): Promise<boolean> {
  const socket = await knock(directory);
  socket?.destroy();
  return socket !== undefined;
}
