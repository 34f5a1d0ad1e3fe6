import type { FrameSpec } from '../../../model/protocol.ts';
import type { Framer, Side } from '../contract.ts';
import { ChunkFramer } from './chunk-framer.ts';
import { HttpFramer } from './http-framer.ts';
import { LengthFramer } from './length-framer.ts';
import { LineFramer } from './line-framer.ts';

export function makeFramer(frame: FrameSpec, side: Side, twin: Framer | undefined): Framer {
  switch (frame.kind) {
    case 'chunk':
      return new ChunkFramer();
    case 'line':
      return new LineFramer(frame.limit);
    case 'length':
      return new LengthFramer(frame);
    case 'http':
      return new HttpFramer(side, frame.limit, twin);
  }
}
