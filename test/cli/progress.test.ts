import { expect } from 'chai';
import { makeProgress } from '../../src/cli/progress.ts';

function record(
  isTTY: boolean,
  quiet = false,
): { text: () => string; progress: ReturnType<typeof makeProgress> } {
  let text = '';
  const write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  return { text: () => text, progress: makeProgress({ isTTY, columns: 40, write }, quiet) };
}

describe('makeProgress()', () => {
  it('writes plain lines without a terminal, one a phase that is over', () => {
    const { text, progress } = record(false);
    progress.note('censor · 3 hosts');
    progress.begin('lab up');
    progress.update('halfway');
    progress.end('0.21 s, rootless');
    progress.begin('collecting');
    progress.end(null);
    progress.begin('traffic');
    progress.fail();
    expect(text()).to.equal('censor · 3 hosts\n✔ lab up          0.21 s, rootless\n✘ traffic\n');
  });

  it('shows warnings even when quiet', () => {
    const { text, progress } = record(false, true);
    progress.note('censor');
    progress.begin('lab up');
    progress.end('0.21 s');
    progress.warn('the link is slow');
    expect(text()).to.equal('warning: the link is slow\n');
  });

  it('draws a living line on a terminal, never longer than it is wide', () => {
    const { text, progress } = record(true);
    progress.begin('lab up');
    progress.end('x');
    progress.begin('y'.repeat(100));
    progress.end(null);
    expect(text()).to.include('\r\u001b[K⠋ lab up');
    for (const line of text().split(/\r|\n/))
      expect(line.replace('\u001b[K', '').length).to.be.lessThan(60);
  });

  it('lets no escape sequence of a scenario through', () => {
    const { text, progress } = record(false);
    progress.note('\u001b[2J');
    expect(text()).to.equal('\\u001b[2J\n');
  });
});
