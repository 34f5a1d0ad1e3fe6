import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { AgentEvent } from '../../../src/model/rpc.ts';

const run = promisify(execFile);
const EXPERIMENT = new URL('./censor-programs.experiment.ts', import.meta.url).pathname;

interface Found {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly refusal: string;
  readonly log: string;
  /** Processes of the program that are still there. */
  readonly left: readonly string[];
  readonly events: readonly AgentEvent[];
}

/** In a user namespace of its own: what an ordinary user has. */
async function experiment(...argv: readonly string[]): Promise<Found> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
  const node = [process.execPath, '--import', 'ts-blank-space/register', EXPERIMENT];
  const { stdout } = await run('unshare', [...namespaces, '--', ...node, ...argv], {
    timeout: 110_000,
  });
  return JSON.parse(stdout) as Found;
}

const ALL_PASS = {
  ...{ '0: 80': 'echo', '1: 81': 'echo', '2: 82': 'echo', '3: 80': 'echo', 'later: 80': 'echo' },
};
/** What the program wrote: the censor's own figures, lines that begin with a time, are in the same log. */
const written = ({ log }: Found): string => log.replace(/^\d{4}-\d\d-\d\dT\S+Z .*\n/gm, '');
const details = ({ events }: Found, action: string): readonly string[] =>
  events.flatMap((event) =>
    event.kind === 'censor' && event.action === action ? [event.detail] : [],
  );
const ends = ({ events }: Found): readonly string[] =>
  events.flatMap((event) =>
    event.kind === 'log' && event.line.startsWith('(the program ended') ? [event.line] : [],
  );

describe('agent/packet/program', function () {
  this.timeout(120_000);

  for (const path of ['ring', 'nfqueue', 'kernel'] as const)
    it(`start() asks a program in Python on the path "${path}"`, async () => {
      const found = await experiment('allow-and-block.py', path);
      expect(found.outcomes).to.deep.equal({
        ...ALL_PASS,
        '1: 81': 'ECONNREFUSED',
        // Who only sees copies cannot drop.
        '2: 82': path === 'kernel' ? 'echo' : 'timeout',
      });
      expect(details(found, 'reset')).to.have.length.at.least(1);
      expect(found).to.deep.include({ left: [], refusal: '' });
      expect(ends(found)).to.deep.equal([]);
    });

  it('start() asks a program of our host: params, timers, data, payload, an action of its own', async () => {
    const found = await experiment('counts');
    expect(found.refusal).to.equal('');
    expect(found.outcomes).to.deep.equal({ ...ALL_PASS, '1: 81': 'HELLO', '2: 82': 'timeout' });
    expect(written(found)).to.equal('start with 5\n');
    expect(details(found, 'match')).to.include('fifty');
    expect(details(found, 'match').filter((detail) => /^packet \d$/.test(detail))).to.not.be.empty;
    expect(found.left).to.deep.equal([]);
  });

  it('start() computes a model in the path', async () => {
    const found = await experiment('model');
    expect(found.outcomes).to.deep.equal({ ...ALL_PASS, '1: 81': 'timeout', '2: 82': 'timeout' });
  });

  for (const [name, reason] of [
    ['exits', 'exit code 7'],
    ['hangs', 'it hangs: it said nothing for '],
    ['garbage', 'it said nothing that makes sense 100 times in a row'],
    ['floods', 'it wrote a line that is too long'],
  ] as const)
    it(`a program that ${name} is ended and started again; onError decides meanwhile`, async () => {
      const found = await experiment(name);
      expect(found.outcomes).to.deep.equal(ALL_PASS);
      expect(details(found, 'error').some((detail) => detail.includes(reason))).to.equal(true);
      expect(ends(found)[0]).to.match(/; it is started again\)$/);
      expect(found.left).to.deep.equal([]);
    });

  it('a program that throws lives on; onError decides about that packet', async () => {
    const found = await experiment('throws', 'ring', 'drop');
    expect(found.refusal).to.equal('');
    expect(found.outcomes).to.deep.equal({ ...ALL_PASS, '1: 81': 'timeout' });
    expect(written(found)).to.match(/^Error: not today\n {4}at .*throws\.mjs:1:/);
    expect(found.log).to.not.include('program-host');
    expect(details(found, 'error')[0]).to.equal('Program could not tell: not today (1 so far)');
    expect(ends(found)).to.deep.equal([]);
  });

  it('a program that never starts is a fault that says why', async () => {
    const found = await experiment('dies');
    expect(found.refusal).to.match(/ended before it was ready: exit code 3/);
    expect(found.left).to.deep.equal([]);
  });
});
