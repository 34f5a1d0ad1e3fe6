// One connection through a relay: what both ends say, in which manner, and that each hears what the other said.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Hearing, type Saying, Script } from './script.ts';

/**
 * `both`: both ends speak at once, each as fast as it can. `after`: the server answers when it has heard the end. `turns`: a piece for a
 * piece. `piecemeal`: both at once, and each part is a write of its own.
 */
export type Manner = 'both' | 'after' | 'turns' | 'piecemeal';

export interface Conversation {
  readonly number: number;
  readonly manner: Manner;
  readonly client: Saying;
  readonly server: Saying;
}

/** What a client says first: a HELLO of OpenFlow whose transaction is the conversation's number. */
const GREETING = 8;

export function greet(socket: Socket, number: number): void {
  const greeting = Buffer.from([4, 0, 0, GREETING, 0, 0, 0, 0]);
  greeting.writeUInt32BE(number, 4);
  socket.write(greeting);
}

/** The number of the conversation that this connection is for. */
export async function hearGreeting(socket: Socket): Promise<number> {
  for (;;) {
    const greeting = socket.read(GREETING) as Buffer | null;
    if (greeting !== null) return greeting.readUInt32BE(4);
    await once(socket, 'readable');
  }
}

/** Gives how many bytes were heard, once they are all and the end was heard. Throws where they are not what was to be heard. */
export async function converse(
  socket: Socket,
  { number, manner, ...sayings }: Conversation,
  side: 'client' | 'server',
): Promise<number> {
  const script = new Script(sayings[side]);
  const hearing = new Hearing(sayings[side === 'client' ? 'server' : 'client']);
  const isSecond = side === 'server';
  const hasEnded = once(socket, 'end');
  socket.on('data', (bytes) => {
    const before = hearing.pieces;
    hearing.take(bytes);
    if (hearing.fault !== null) socket.destroy(new Error(hearing.fault));
    else if (manner === 'turns') sayPieces(socket, script, hearing.pieces - before);
  });
  switch (manner) {
    case 'both':
      sayAll(socket, script);
      break;
    case 'after':
      if (isSecond) await hasEnded;
      sayAll(socket, script);
      break;
    case 'turns':
      if (!isSecond) sayPieces(socket, script, 1);
      break;
    case 'piecemeal':
      sayPiecemeal(socket, script);
  }
  await hasEnded;
  // Whoever has heard the end has no turn any more.
  if (manner === 'turns') for (; sayPieces(socket, script, 1););
  if (!hearing.isComplete)
    throw new Error(
      `Conversation ${number}: the ${side} heard ${hearing.heard} bytes, ${hearing.fault ?? 'and an end too early'}`,
    );
  return hearing.heard;
}

function sayAll(socket: Socket, script: Script): void {
  for (let piece = script.next(); piece !== null; piece = script.next()) {
    let hasRoom = true;
    for (const part of piece) hasRoom = socket.write(part);
    if (hasRoom) continue;
    socket.once('drain', () => sayAll(socket, script));
    return;
  }
  socket.end();
}

/** Whether there were so many left. */
function sayPieces(socket: Socket, script: Script, count: number): boolean {
  for (let said = 0; said < count; said += 1) {
    const piece = script.next();
    if (piece === null) {
      socket.end();
      return false;
    }
    for (const part of piece) socket.write(part);
  }
  return true;
}

/** The kernel has taken one before the next is written. */
function sayPiecemeal(socket: Socket, script: Script): void {
  const parts = [...(script.next() ?? [])];
  const sayNext = (): void => {
    if (parts.length === 0) parts.push(...(script.next() ?? []));
    const part = parts.shift();
    if (part) socket.write(part, sayNext);
    else socket.end();
  };
  sayNext();
}
