import { expect } from 'chai';
import { countCreations } from '../../../src/agent/container/creations.ts';
import { orderOf } from '../../engine/container-orders.ts';
import type { Engine } from '../../../src/engine/engine.ts';

describe('countCreations()', () => {
  let finish: (id: string) => void = () => undefined;
  const slow: Pick<Engine, 'createContainer'> = {
    createContainer: () => new Promise((resolve) => (finish = resolve)),
  };
  // Nothing else of the engine is asked for.
  const counted = (): ReturnType<typeof countCreations> => countCreations(slow as Engine);

  it('ends when the creations under way have', async () => {
    const creations = counted();
    const creation = creations.engine.createContainer(orderOf('ab12cd34', 'web'));
    let isOver = false;
    const ended = creations.end().then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).to.equal(false);
    finish('f00');
    await ended;
    expect(await creation).to.equal('f00');
  });

  it('begins none after that', async () => {
    const creations = counted();
    await creations.end();
    const late = await creations.engine.createContainer(orderOf('ab12cd34', 'web')).catch(String);
    expect(late).to.include('ab12cd34-web is not made');
  });
});
