import type { ChannelTuple } from '../../../model/script.ts';
import type { PlayCommand, PlayEvent } from '../../../traffic/script/play.ts';

/** One end of a channel over a real socket. */
export interface Channel {
  /** The kernel's own addresses; null with `unix` and before there are any. */
  readonly tuple: ChannelTuple | null;
  /** What keeps the pending command from being done. */
  readonly obstacle: string | null;
  send(command: Extract<PlayCommand, { kind: 'send' }>): 'done' | 'pending';
  close(how: Extract<PlayCommand, { kind: 'close' }>['how']): 'done' | 'pending';
  /** Closes in peace what the script left open; `isFirst` begins with its FIN, the other waits for it. */
  finish(isFirst: boolean): Promise<void>;
  /** Tears it down: with a RST where there is such a thing. */
  abort(): void;
}

/** Tells the player; nothing is told once its program has ended. */
export type Tell = (event: PlayEvent) => void;
