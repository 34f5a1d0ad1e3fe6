import { expect } from 'chai';
import { isBackground } from '../../src/trial/drive-traffic.ts';
import fc from 'fast-check';
import type { Flow, ProbeSpec, Schedule } from '../../src/model/traffic.ts';
import { attemptEnded, flowSettled, newSchedule, tick } from '../../src/trial/schedule.ts';

const ONCE: Schedule = { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1 };
const PROGRAM: ProbeSpec = {
  kind: 'run',
  argv: ['true'],
  environment: {},
  timeout: 1000,
  background: false,
};
const flow = (
  name: string,
  schedule: Partial<Schedule> = {},
  background = false,
  barrier?: string,
): Flow => ({
  name,
  ...(barrier !== undefined && { barrier }),
  from: 'client',
  schedule: { ...ONCE, ...schedule },
  probe: { ...PROGRAM, background },
});

/** Plays a schedule on a clock of its own; each attempt lasts what `lasting` says. Gives `name#attempt@start`. */
function play(flows: readonly Flow[], lasting: (flow: string) => number, limit = 1000): string[] {
  const log: string[] = [];
  const running: { flow: string; end: number }[] = [];
  let state = newSchedule(flows);
  let now = 0;
  for (let rounds = 0; rounds < limit; rounds += 1) {
    const step = tick(state, now);
    state = step.state;
    for (const start of step.starts) {
      log.push(`${start.flow.name}#${start.attempt}@${now}`);
      if (!isBackground(start.flow))
        running.push({ flow: start.flow.name, end: now + lasting(start.flow.name) });
    }
    if (step.done) return log;
    const ends = running.map((attempt) => attempt.end);
    const next = Math.min(step.wake ?? Infinity, ...ends);
    expect(next, 'the schedule waits for something').to.be.lessThan(Infinity);
    expect(next, 'time goes on').to.be.greaterThanOrEqual(now);
    now = next;
    for (const attempt of running.filter(({ end }) => end <= now)) {
      running.splice(running.indexOf(attempt), 1);
      state = attemptEnded(state, attempt.flow);
    }
  }
  throw new Error('The schedule does not end');
}

describe('flowSettled()', () => {
  it('lets others follow only once what had to follow the last attempt is done', () => {
    const flows = [flow('a', { repeat: 2 }), flow('b', { after: ['a'], at: 5 })];
    let state = newSchedule(flows, new Set(['a']));
    const advance = (now: number): string[] => {
      const step = tick(state, now);
      state = step.state;
      return [
        ...step.starts.map((start) => `${start.flow.name}#${start.attempt}`),
        ...step.settling.map(({ name }) => `settle ${name}`),
      ];
    };
    expect(advance(0)).to.deep.equal(['a#1']);
    state = attemptEnded(state, 'a');
    expect(advance(10)).to.deep.equal(['a#2']);
    state = attemptEnded(state, 'a');
    expect(advance(20)).to.deep.equal(['settle a']);
    expect(advance(90)).to.deep.equal([]);
    state = flowSettled(state, 'a');
    expect(advance(100)).to.deep.equal([]);
    expect(tick(state, 100).wake).to.equal(105);
    expect(advance(105)).to.deep.equal(['b#1']);
  });
});

describe('tick()', () => {
  const cases: [string, Flow[], number, string[]][] = [
    ['starts flows without conditions at once', [flow('a'), flow('b')], 5, ['a#1@0', 'b#1@0']],
    ['starts a flow `at` its time', [flow('a', { at: 30 })], 5, ['a#1@30']],
    [
      'starts a flow after others ended',
      [flow('b', { after: ['a', 'c'] }), flow('a'), flow('c', { at: 7 })],
      5,
      ['a#1@0', 'c#1@7', 'b#1@12'],
    ],
    [
      'adds `at` to the end of `after`',
      [flow('a'), flow('b', { after: ['a'], at: 10 })],
      5,
      ['a#1@0', 'b#1@15'],
    ],
    ['repeats one after the other', [flow('a', { repeat: 3 })], 5, ['a#1@0', 'a#2@5', 'a#3@10']],
    [
      'repeats every period, however long an attempt lasts, within the concurrency',
      [flow('a', { repeat: 3, pace: { kind: 'even', every: 2 }, concurrency: 9 })],
      5,
      ['a#1@0', 'a#2@2', 'a#3@4'],
    ],
    [
      'waits for a free place and begins a new grid',
      [flow('a', { repeat: 3, pace: { kind: 'even', every: 2 } })],
      5,
      ['a#1@0', 'a#2@5', 'a#3@10'],
    ],
    [
      'repeats until the time is over',
      [flow('a', { repeat: 0, for: 12 })],
      5,
      ['a#1@0', 'a#2@5', 'a#3@10'],
    ],
    [
      'ends at the number or the time, whichever comes first',
      [flow('a', { repeat: 9, pace: { kind: 'even', every: 4 }, for: 8 })],
      1,
      ['a#1@0', 'a#2@4'],
    ],
    [
      'paces by gaps, and by the first again when they are used up',
      [flow('a', { repeat: 5, pace: { kind: 'gaps', gaps: [3, 0, 10] }, concurrency: 9 })],
      1,
      ['a#1@0', 'a#2@3', 'a#3@3', 'a#4@13', 'a#5@16'],
    ],
    [
      'lets a drawn pace catch up with a start that had to wait',
      [flow('a', { repeat: 4, pace: { kind: 'gaps', gaps: [2] } })],
      5,
      ['a#1@0', 'a#2@5', 'a#3@10', 'a#4@15'],
    ],
    [
      'holds flows at a barrier until the last of them may start',
      [
        flow('a', {}, false, 'go'),
        flow('b', { at: 7 }, false, 'go'),
        flow('c', { after: ['d'], at: 5 }, false, 'go'),
        flow('d'),
      ],
      5,
      ['d#1@0', 'a#1@10', 'b#1@10', 'c#1@10'],
    ],
    [
      'counts pace and time of a flow from the fall of its barrier, and holds it once',
      [
        flow('a', { repeat: 0, for: 9, pace: { kind: 'even', every: 4 } }, false, 'go'),
        flow('b', { at: 50 }, false, 'go'),
      ],
      1,
      ['a#1@50', 'b#1@50', 'a#2@54', 'a#3@58'],
    ],
    ['runs the first attempt however short the time', [flow('a', { for: 0 })], 5, ['a#1@0']],
    [
      'keeps as many running as `concurrency` says',
      [flow('a', { repeat: 4, concurrency: 2 })],
      5,
      ['a#1@0', 'a#2@0', 'a#3@5', 'a#4@5'],
    ],
    [
      'goes on past a background program at once',
      [flow('a', {}, true), flow('b', { after: ['a'] })],
      5,
      ['a#1@0', 'b#1@0'],
    ],
    [
      'starts a background program once when nothing paces it',
      [flow('a', { repeat: 0, for: 100 }, true)],
      5,
      ['a#1@0'],
    ],
  ];
  for (const [title, flows, lasting, expected] of cases)
    it(title, () => expect(play(flows, () => lasting)).to.deep.equal(expected));

  it('draws Poisson arrivals from the seed, around their mean', () => {
    const starts = (seed: number): number[] => {
      const pace = { kind: 'poisson', mean: 10 } as const;
      let state = newSchedule(
        [flow('a', { repeat: 2000, pace, concurrency: 5000 })],
        new Set(),
        seed,
      );
      const times: number[] = [];
      for (let now: number | null = 0; now !== null;) {
        const step = tick(state, now);
        times.push(...Array<number>(step.starts.length).fill(now));
        state = step.state;
        now = step.wake;
      }
      return times;
    };
    const times = starts(7);
    expect(times).to.have.length(2000);
    expect(times).to.deep.equal(starts(7));
    expect(times).not.to.deep.equal(starts(8));
    expect((times.at(-1) ?? 0) / 1999).to.be.within(9, 11);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Of exponential gaps, a share of 1 - 1/e is shorter than the mean.
    expect(gaps.filter((gap) => gap < 10).length / gaps.length).to.be.within(0.59, 0.67);
  });

  it('needs no alarm for what a barrier holds but that of the last', () => {
    const flows = [flow('a', {}, false, 'go'), flow('b', { at: 30 }, false, 'go')];
    const first = tick(newSchedule(flows), 0);
    expect(first).to.deep.include({ starts: [], wake: 30 });
    expect(tick(first.state, 5)).to.deep.include({ starts: [], wake: 30 });
  });

  it('costs little with many flows and attempts under way', () => {
    const flows = Array.from({ length: 500 }, (_, index) =>
      flow(`f${index}`, { repeat: 0, for: 10_000, after: index === 0 ? [] : [`f${index - 1}`] }),
    );
    const busy = flow('busy', { repeat: 1000, concurrency: 500, pace: { kind: 'even', every: 5 } });
    let state = newSchedule([busy, ...flows]);
    const begun = performance.now();
    for (let now = 0; now < 5000; now += 5) {
      state = tick(state, now).state;
      if (now >= 2500) state = attemptEnded(state, 'busy');
    }
    // 1,000 turns of a second's work at most: a turn of each of 200 starts a second must not fill the second.
    expect(performance.now() - begun).to.be.lessThan(5000);
  });

  it('is done at once without flows', () => {
    expect(tick(newSchedule([]), 0)).to.deep.include({ done: true, starts: [], wake: null });
  });

  it('waits for nothing when flows wait for each other', () => {
    const step = tick(newSchedule([flow('a', { after: ['b'] }), flow('b', { after: ['a'] })]), 0);
    expect(step).to.deep.include({ done: false, wake: null, starts: [] });
  });

  it('starts each attempt once, in order, never more at a time than allowed', () => {
    const schedule = fc.record({
      at: fc.nat(20),
      repeat: fc.integer({ min: 1, max: 6 }),
      pace: fc.option(
        fc.oneof(
          fc.record({ kind: fc.constant('even'), every: fc.integer({ min: 1, max: 9 }) }),
          fc.record({ kind: fc.constant('poisson'), mean: fc.integer({ min: 1, max: 9 }) }),
          fc.record({
            kind: fc.constant('gaps'),
            gaps: fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }),
          }),
        ),
      ),
      for: fc.option(fc.nat(40)),
      concurrency: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(schedule, { maxLength: 4 }), fc.nat(12), (schedules, lasting) => {
        const flows = schedules.map((entry, index) =>
          flow(`f${index}`, { ...entry, after: index > 1 ? ['f0'] : [] }),
        );
        const log = play(flows, () => lasting);
        for (const { name, schedule: wished } of flows) {
          const numbers = log
            .filter((line) => line.startsWith(`${name}#`))
            .map((line) => Number(/#(\d+)@/.exec(line)?.[1]));
          expect(numbers).to.deep.equal(numbers.map((_, index) => index + 1));
          expect(numbers.length).to.be.within(1, wished.repeat);
          if (wished.for === null) expect(numbers.length).to.equal(wished.repeat);
        }
      }),
    );
  });
});
