// A killed runner leaves containers, which are the engine's children. `runner ps` shows all of them, `runner destroy`
// removes them, and nobody else's.
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import {
  BUSYBOX,
  type Foreign,
  importBusybox,
  labContainers,
  needEngine,
  startForeign,
} from './support/engine.ts';
import { type EngineState, readEngineState } from './support/engine-state.ts';
import { type Machine, awaitNothingLeft, readMachine } from './support/leftovers.ts';
import { runRunner, said, scratch, startRunner } from './support/runner.ts';

const KILLS = 20;

const SCENARIO = `version: 1
name: sudden
containers:
  client: &idle { image: "${BUSYBOX}", pull: never, command: [sleep, "3600"] }
  middle: *idle
  server:
    image: "${BUSYBOX}"
    pull: never
    command: [httpd, -f, -p, "80", -h, /tmp]
    mounts: ["data:/data"]
networks:
  inside: { members: [client, middle], delay: 2ms }
  outside: { members: [middle, server], uplink: true }
censor:
  on: middle
  rules: [{ name: bad, match: { http.host: bad.example }, action: reset }]
traffic:
  - { name: bad, from: client, to: server, probe: { http: { host: bad.example } } }
  - { name: good, from: client, to: server, probe: { http: { host: good.example } } }
  - { name: own, from: client, after: good, run: [nc, -w, "1", server, "80"] }
captures: [client, middle, server]
`;

interface ListedLab {
  readonly id: string;
  readonly containers: Readonly<Record<string, string>>;
}

describe('a killed run with containers', function () {
  this.timeout(60_000);
  const folder = scratch('containers-sudden-end');
  const file = join(folder.path, 'sudden.yaml');
  const mark = 'RUNNER_TEST_MARK=containers-sudden-end';
  const environment = { RUNNER_TEST_MARK: 'containers-sudden-end' };
  const args = ['apply', file, '--json', '--out', folder.path];
  let foreign: Foreign | undefined;
  let pristine: EngineState;
  let machine: Machine;
  /** How long an undisturbed run takes, in milliseconds. */
  let whole = 0;

  before(async function () {
    needEngine(this);
    importBusybox();
    writeFileSync(file, SCENARIO);
    foreign = startForeign();
    pristine = readEngineState();
    machine = readMachine();
    const result = await runRunner(args, { environment });
    expect(result.code, said(result)).to.equal(0);
    whole = result.took;
  });
  after(() => {
    foreign?.remove();
    folder.remove();
  });

  it('leaves nothing when it is not killed', async () => {
    expect(await awaitNothingLeft(machine, mark)).to.deep.equal([]);
    expect(readEngineState()).to.deep.equal(pristine);
  });

  for (let seed = 0; seed < KILLS; seed += 1)
    it(`leaves what ps shows and destroy removes, seed ${seed}`, async () => {
      const facts = foreign?.facts();
      const run = startRunner(args, { environment });
      await wait(seededRandom(seed, 'kill').next() * whole);
      run.process.kill('SIGKILL');
      await run.ended;

      const listed = await runRunner(['ps', '--json'], { environment });
      expect(listed.code, said(listed)).to.equal(0);
      const shown = (JSON.parse(listed.stdout) as ListedLab[]).flatMap(({ containers }) =>
        Object.values(containers),
      );
      expect(shown).to.include.members(labContainers());

      const destroyed = await runRunner(['destroy', '--all'], { environment });
      expect(destroyed.code, said(destroyed)).to.equal(0);
      expect(await awaitNothingLeft(machine, mark)).to.deep.equal([]);
      expect(readEngineState()).to.deep.equal(pristine);
      expect(foreign?.facts()).to.equal(facts);
    });
});
