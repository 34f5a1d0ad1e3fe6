import { type FrontMessage, StreamFramer } from './stream-framer.ts';

/** A message is what one read gave. */
export class ChunkFramer extends StreamFramer {
  protected override measure(): FrontMessage {
    return this.waiting;
  }
}
