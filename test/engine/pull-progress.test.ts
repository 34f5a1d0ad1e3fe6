import { expect } from 'chai';
import { createPullProgress } from '../../src/engine/pull-progress.ts';

describe('createPullProgress()', () => {
  it('adds up the layers in one line, and counts those that are there in full', () => {
    const show = createPullProgress('nginx:1.27');
    const line = (id: string, status: string, current = 0, total = 0): string =>
      show({ id, status, current, total });
    expect(line('1.27', 'Pulling from library/nginx')).to.equal('pulling nginx:1.27');
    expect(line('a', 'Downloading', 2_300_000, 4_000_000)).to.equal(
      'pulling nginx:1.27 2.3 of 4.0 MB',
    );
    expect(line('b', 'Downloading', 10_000_000, 50_000_000)).to.equal(
      'pulling nginx:1.27 12.3 of 54.0 MB',
    );
    expect(line('a', 'Extracting', 1, 4_000_000)).to.equal('pulling nginx:1.27 14.0 of 54.0 MB');
    expect(line('b', 'Pull complete')).to.equal('pulling nginx:1.27 54.0 of 54.0 MB');
  });
});
