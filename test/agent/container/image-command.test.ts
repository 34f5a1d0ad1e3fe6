import { expect } from 'chai';
import { resolveCommand } from '../../../src/agent/container/image-command.ts';

describe('resolveCommand()', () => {
  const image = { entrypoint: ['/entry'], command: ['serve', '-v'] };
  const cases: [string, string[] | null, string[] | null, string[]][] = [
    ['takes the image as it is', null, null, ['/entry', 'serve', '-v']],
    ['replaces the command', null, ['sh'], ['/entry', 'sh']],
    ['takes an empty command for none', null, [], ['/entry', 'serve', '-v']],
    ['drops the command of the image with its entrypoint', ['/own'], null, ['/own']],
    ['takes both from the scenario', ['/own'], ['x'], ['/own', 'x']],
    ['keeps the command of the image with an empty entrypoint', [], null, ['serve', '-v']],
    ['drops both with an empty word', [''], ['sh'], ['sh']],
  ];
  for (const [title, entrypoint, command, argv] of cases)
    it(title, () => expect(resolveCommand({ entrypoint, command }, image)).to.deep.equal(argv));
  it('is empty when nobody says anything', () =>
    expect(
      resolveCommand({ entrypoint: null, command: null }, { entrypoint: [], command: [] }),
    ).to.deep.equal([]));
});
