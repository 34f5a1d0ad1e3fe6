// An engine finishes a creation that it has begun, even when whoever asked is gone: an agent that ends waits for them, so
// that whoever removes the lab's containers finds them all.
import { Fault } from '../../base/fault.ts';
import type { Engine } from '../../engine/engine.ts';

export interface Creations {
  /** The engine, with the creations it is asked for counted. */
  readonly engine: Engine;
  /** Lets no more begin; settles when those under way have come to their end, whichever. */
  end(): Promise<void>;
}

export function countCreations(engine: Engine): Creations {
  const underWay = new Set<Promise<unknown>>();
  let isOver = false;
  return {
    engine: {
      ...engine,
      createContainer: async (order) => {
        if (isOver) throw new Fault('run', `Container ${order.name} is not made: the lab ends`);
        const creation = engine.createContainer(order);
        underWay.add(creation);
        try {
          return await creation;
        } finally {
          underWay.delete(creation);
        }
      },
    },
    end: async () => {
      isOver = true;
      await Promise.allSettled(underWay);
    },
  };
}
