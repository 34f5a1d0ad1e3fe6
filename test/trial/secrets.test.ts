import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Environment } from '../../src/model/container.ts';
import { Fault } from '../../src/base/fault.ts';
import type { Flow } from '../../src/model/traffic.ts';
import { DEFAULT_MIRROR } from '../../src/model/mirror-defaults.ts';
import type { PlanMirror } from '../../src/model/mirror.ts';
import type { Plan } from '../../src/model/plan.ts';
import { REPORT } from '../report/fixture.ts';
import { containerPlan } from './container-plan.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { readSecrets } from '../../src/trial/secrets.ts';
import { tmpdir } from 'node:os';

const TOKEN = { secret: { env: 'TOKEN' } };
const FILE = { secret: { file: 'secret.txt' } };

const withProgram = (environment: Environment): Plan => {
  const flow: Flow = {
    name: 'login',
    from: 'client',
    schedule: { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1 },
    probe: { kind: 'run', argv: ['true'], environment, timeout: 1000, background: false },
  };
  return { ...REPORT.plan, flows: [flow] };
};

describe('readSecrets()', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads variables and files, relative to the folder, but for one line end', async () => {
    writeFileSync(join(folder, 'secret.txt'), 'two\nlines\n\n');
    const plans = [
      containerPlan([{ name: 'web', environment: { A: TOKEN, B: 'open' } }]),
      withProgram({ C: FILE, D: TOKEN }),
    ];
    expect(await readSecrets(plans, folder, { TOKEN: 'shh' })).to.deep.equal({
      'env:TOKEN': 'shh',
      'file:secret.txt': 'two\nlines\n',
    });
  });

  it('reads the passwords of mirrors', async () => {
    const passwords = [{ user: 'app', variable: 'APP_PASSWORD' }];
    const end = { node: 'server', addresses: [], port: 5432 };
    const mirror: PlanMirror = {
      ...DEFAULT_MIRROR,
      ...{ name: 'shadow', online: end, target: end, assistant: 'server' },
      hook: { kind: 'postgres', passwords },
    };
    const plan = { ...REPORT.plan, mirrors: [mirror] };
    expect(await readSecrets([plan], folder, { APP_PASSWORD: 'shh' })).to.deep.equal({
      'env:APP_PASSWORD': 'shh',
    });
    const fault = await readSecrets([plan], folder, {}).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(Fault);
    expect(fault).to.have.property(
      'message',
      'Mirror "shadow" wants a secret in hook.postgres.passwords.app: the environment has no variable "APP_PASSWORD"',
    );
  });

  it('takes an empty variable for a value', async () => {
    const plan = withProgram({ A: TOKEN });
    expect(await readSecrets([plan], folder, { TOKEN: '' })).to.deep.equal({ 'env:TOKEN': '' });
  });

  it('says who asks for each that is missing', async () => {
    const plans = [
      containerPlan([{ name: 'web', environment: { A: TOKEN } }]),
      withProgram({ B: FILE }),
    ];
    const fault = await readSecrets(plans, folder, {}).catch((error: unknown) => error as Fault);
    expect(fault).to.include({ kind: 'usage' });
    expect(fault.message)
      .to.include('Container "web" wants a secret in A: the environment has no variable "TOKEN"')
      .and.include(`flow "login" wants a secret in B: the file "${folder}/secret.txt"`);
    expect((fault as Fault).help).to.equal('Set it before the run: export TOKEN=…');
  });

  it('has nothing for a plan without', async () => {
    expect(await readSecrets([REPORT.plan], folder, {})).to.deep.equal({});
  });
});
