import { expect } from 'chai';
import { createBuildLog } from '../../src/engine/build-log.ts';

describe('createBuildLog()', () => {
  it('gathers pieces into lines without colours, and leaves out the progress of pulls', () => {
    const log = createBuildLog();
    expect(log.lines({ stream: 'Step 1/2 : FR' })).to.deep.equal([]);
    expect(log.lines({ stream: 'OM a\n\u001b[31mred\u001b[0m\r\n10%\r20%\n' })).to.deep.equal([
      'Step 1/2 : FROM a',
      'red',
      '20%',
    ]);
    expect(log.lines({ status: 'Downloading', progressDetail: { current: 1 } })).to.deep.equal([]);
    expect(log.baseImage()).to.equal('a');
  });

  it("ends a program's last line before the builder's next", () => {
    const log = createBuildLog();
    expect(log.lines({ stream: 'no end' })).to.deep.equal([]);
    expect(log.lines({ stream: 'Removing intermediate container 1\n' })).to.deep.equal([
      'no end',
      'Removing intermediate container 1',
    ]);
  });

  it('explains a failure by its step and the last lines of that step', () => {
    const log = createBuildLog();
    log.lines({ stream: 'Step 1/2 : RUN a\nold\nStep 2/2 : RUN b\n ---> Running in 1\n' });
    for (let line = 1; line <= 30; line += 1) log.lines({ stream: `${line}\n` });
    const text = log.explain('build image x', 'returned a non-zero code: 3');
    expect(text.split('\n')[0]).to.equal(
      'Cannot build image x at step 2/2 : RUN b: returned a non-zero code: 3',
    );
    expect(text.split('\n').slice(1)).to.have.length(20);
    expect(text.endsWith('\n  30')).to.equal(true);
    expect(log.baseImage()).to.equal(undefined);
  });
});
