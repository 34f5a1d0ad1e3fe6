// Runs a censor program between two networks and prints what came out as JSON. Started by censor-programs.test.ts under unshare(1).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPacketPaths } from '../../../src/agent/packet/packet-paths.ts';
import { inNamespace } from '../../../src/kernel/namespace.ts';
import { AT_ONCE, DEFAULT_CENSOR } from '../../../src/model/censor-defaults.ts';
import type { CensorProgram } from '../../../src/model/censor.ts';
import { PROGRAM_HOST } from '../../../src/model/program-host.ts';
import type { PlanCensor, PlanNode } from '../../../src/model/plan.ts';
import { PROGRAMS } from './censor-programs/texts.ts';
import { smallModel } from '../../onnx/small-model.ts';
import { CONNECT, ECHO_SERVERS } from './programs.ts';
import { createSmallLab } from './small-lab.ts';

/** What misbehaves so that its end is heard of, some time after the packet that it was asked about. */
const ENDED: ReadonlySet<string> = new Set(['exits', 'hangs', 'garbage', 'floods']);

const [name = '', path = 'ring', onError = 'pass'] = process.argv.slice(2);
const position = path === 'kernel' ? 'on-path' : 'in-path';

/** One for destination ports above 80.5, nought for those below. */
const MODEL: Pick<PlanCensor, 'rules' | 'models'> = {
  models: [{ file: 'm.onnx', content: smallModel([20], -1610) }],
  rules: [
    {
      name: 'by-model',
      match: {
        all: [
          { field: 'flow.side', words: ['client'] },
          {
            field: 'model',
            model: 0,
            features: [{ field: 'tcp.dstport' }],
            output: 0,
            ranges: [[0.5, null]],
          },
        ],
      },
      actions: [{ kind: 'drop', direction: 'both', scope: 'flow', after: null }],
      probability: 1,
      first: null,
      engageAfter: AT_ONCE,
    },
  ],
};

const censor: PlanCensor = {
  ...DEFAULT_CENSOR,
  name: 'censor',
  on: 'middle',
  position,
  onError: onError === 'drop' ? 'drop' : 'pass',
  ...(name === 'model' ? MODEL : { rules: [], program: programOf(name) }),
};
const lab = createSmallLab(
  {
    inside: { members: ['client', 'middle'] },
    outside:
      position === 'on-path'
        ? { members: ['middle', 'server'], impairment: { delay: 100 } }
        : { members: ['middle', 'server'] },
  },
  { middle: path as PlanNode['path'] },
  [censor],
);
const { directory } = lab.context;
for (const folder of ['logs', 'lab']) mkdirSync(join(directory, folder));
for (const file of ['middle.hosts', 'middle.resolv.conf'])
  writeFileSync(join(directory, 'lab', file), '127.0.0.1 localhost\n');

const paths = createPacketPaths(lab.context, lab.segments);
const outcomes: Record<string, string> = {};
let refusal = '';
try {
  await paths.start();
  const server = start('server', process.execPath, '-e', ECHO_SERVERS);
  await once(server.stdout ?? server, 'data');
  for (const [index, port] of [80, 81, 82, 80].entries())
    outcomes[`${index}: ${port}`] = await connect(port);
  if (ENDED.has(name)) while (!hasEnded()) await sleep(20);
  // A program that was ended is started again meanwhile.
  for (let turn = 0; turn < 40 && (await connect(80)) !== 'echo'; turn += 1) await sleep(50);
  outcomes['later: 80'] = await connect(80);
  server.kill('SIGKILL');
} catch (error) {
  refusal = error instanceof Error ? error.message : String(error);
} finally {
  await paths.stop();
}
const left = programsIn(directory);
const logFile = join(directory, 'logs', 'middle.censor.log');
const log = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
lab.close();
console.log(JSON.stringify({ outcomes, refusal, log, left, events: lab.events }));

function hasEnded(): boolean {
  return lab.events.some(
    (event) => event.kind === 'log' && event.line.startsWith('(the program ended'),
  );
}

function programOf(which: string): CensorProgram {
  const common = {
    match: { all: [] },
    actions: { block: [{ kind: 'drop', direction: 'both', scope: 'flow', after: null }] },
    params: { limit: 5 },
    // Of one that behaves a busy machine may ask for patience; of one that hangs it is soon over.
    timeout: which === 'hangs' ? 200 : 1000,
    window: 64,
  } as const;
  const file = join(import.meta.dirname, 'censor-programs', which);
  if (which.endsWith('.py'))
    return { ...common, argv: [which], files: { [which]: readFileSync(file, 'utf8') } };
  return {
    ...common,
    argv: [PROGRAM_HOST, `${which}.mjs`],
    files: { [`${which}.mjs`]: PROGRAMS[which] ?? '' },
  };
}

/** Of processes that run in a folder below `folder`. */
function programsIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

function start(node: string, ...[program = '', ...argv]: string[]): ChildProcess {
  return inNamespace(lab.fd(node), () =>
    spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 90_000 }),
  );
}

async function connect(port: number): Promise<string> {
  const client = start('client', process.execPath, '-e', CONNECT, '10.2.0.2', String(port));
  let text = '';
  client.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(client, 'close');
  return text.trim();
}
