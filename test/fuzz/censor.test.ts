import { expect } from 'chai';
import { seededRandom } from '../../src/base/random.ts';
import { crowdCensor } from './crowd.ts';
import { deal, deckOf } from './deal.ts';
import { Clock, censorOf, dealCase, judgeOf, tryCase } from './try-case.ts';

const CASES = 60;
const PACKETS_A_CASE = 200;
const LONG = 20_000;

describe('a censor with every field and every action', function () {
  this.timeout(120_000);

  it(`judges damaged packets of ${CASES} seeds without a throw (make fuzz: many more)`, () => {
    for (let seed = 1; seed <= CASES; seed += 1)
      expect(tryCase(seed, PACKETS_A_CASE)).to.equal(null);
  });

  it('judges the same packets alike', () => {
    const said = [1, 2].map(() => {
      const censor = censorOf(7);
      const clock = new Clock(7);
      const heard: string[] = [];
      const effects = {
        emit: (bytes: Uint8Array, at: number, origin: string) =>
          heard.push(`${Buffer.from(bytes).toString('hex')} ${at} ${origin}`),
        report: (event: object) => heard.push(JSON.stringify(event)),
      };
      dealCase(7, 500, (memory, start, end) => {
        heard.push(censor.judge(memory, start, end, clock.tick(), effects));
      });
      return heard;
    });
    expect(said[0]).to.deep.equal(said[1]);
  });

  it('keeps no more flows than it may, of however many clients', () => {
    const censor = crowdCensor(11);
    const judge = judgeOf(censor, new Clock(11));
    deal(seededRandom(11, 'long'), deckOf(11), { count: LONG, crowd: 2_000_000 }, judge);
    expect(censor.statistics.packets).to.be.at.least(LONG);
    expect(censor.statistics.known).to.be.within(1000, 65_536);
  });
});
