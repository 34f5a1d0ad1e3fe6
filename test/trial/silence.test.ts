import { expect } from 'chai';
import { listenForSilence } from '../../src/trial/silence.ts';

describe('listenForSilence()', () => {
  it('gives what the work gives', async () => {
    expect(await listenForSilence().within(1000, 'Work', Promise.resolve(7))).to.equal(7);
  });

  it('rejects once nothing was heard for the limit', async () => {
    const never = new Promise<never>(() => undefined);
    const silent = listenForSilence().within(60, 'Work', never);
    expect(await silent.catch((error: unknown) => String(error))).to.include('Work told nothing');
  });

  it('goes on while something is heard', async () => {
    const silence = listenForSilence();
    const timer = setInterval(() => silence.broken(), 20);
    const work = new Promise<string>((resolve) => setTimeout(() => resolve('done'), 400));
    try {
      expect(await silence.within(200, 'Work', work)).to.equal('done');
    } finally {
      clearInterval(timer);
    }
  });
});
