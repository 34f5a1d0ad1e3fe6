import { expect } from 'chai';
import { seededRandom } from '../../src/base/random.ts';
import { Clock, censorOf, judgeOne, packetsOf, tryCase } from './try-case.ts';

const CASES = 60;
const LONG = 20_000;

describe('a censor with every field and every action', function () {
  this.timeout(120_000);

  it(`judges damaged packets of ${CASES} seeds without a throw (make fuzz: many more)`, () => {
    for (let seed = 1; seed <= CASES; seed += 1) expect(tryCase(seed)).to.equal(null);
  });

  it('judges the same packets alike', () => {
    const said = [1, 2].map(() => {
      const censor = censorOf(7);
      const clock = new Clock(7);
      const heard: string[] = [];
      for (const packet of packetsOf(seededRandom(7, 'packets'), 500))
        heard.push(
          censor.judge(packet, 0, packet.length, clock.tick(), {
            emit: (bytes, at, origin) =>
              heard.push(`${Buffer.from(bytes).toString('hex')} ${at} ${origin}`),
            report: (event) => heard.push(JSON.stringify(event)),
          }),
        );
      return heard;
    });
    expect(said[0]).to.deep.equal(said[1]);
  });

  it('keeps no more flows than it may over a long time', () => {
    const censor = censorOf(11);
    const clock = new Clock(11);
    for (const packet of packetsOf(seededRandom(11, 'long'), LONG))
      judgeOne(censor, packet, clock.tick());
    expect(censor.statistics.packets).to.be.at.least(LONG);
    expect(censor.statistics.known).to.be.at.most(65_536);
  });
});
