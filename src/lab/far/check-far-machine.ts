// What a machine that ssh reaches has of what runner needs: the way to it as seen from here, then its own word.
import { Fault } from '../../base/fault.ts';
import type { PlanMachine } from '../../model/machine.ts';
import type { Check } from '../doctor/check.ts';
import { collect } from './collect.ts';
import { FAR_RUNNER, type FarMachine } from './far-machine.ts';

/** Milliseconds for all of the machine's own checks. */
const DOCTOR_MS = 60_000;
/** Milliseconds for one small program there. */
const LOOK_MS = 15_000;

/** Programs there that send and fetch files; tar(1) is the one that a small system may lack. */
const FILE_TOOLS = ['sh', 'cat', 'tail', 'mkdir', 'tar'];
const MISSING = 'for tool do command -v "$tool" >/dev/null || printf "%s " "$tool"; done';

export async function checkFarMachine(
  machine: PlanMachine,
  open: (machine: PlanMachine) => Promise<FarMachine>,
): Promise<Check[]> {
  let far: FarMachine;
  try {
    far = await open(machine);
  } catch (error) {
    return [failed('way there', error)];
  }
  try {
    return [
      { name: 'way there', ok: true, needed: 'always', found: far.facts.reached },
      userCheck(machine, far),
      ...(await attempt('files', 'when files are sent or fetched', () => fileCheck(far))),
      ...(await attempt('doctor there', 'always', () => ownChecks(far))),
    ];
  } finally {
    far.close();
  }
}

/** Who the lab belongs to there: networks across machines want root. */
function userCheck({ become }: PlanMachine, { facts: { uid } }: FarMachine): Check {
  const how = become === null ? '' : ` by ${become}`;
  return {
    name: 'root',
    ok: uid === 0,
    needed: 'when a network is on several machines',
    found: uid === 0 ? `yes${how}` : `no: user ${uid}${how}`,
    help: 'Log in as root, or become root with "become: sudo" (--become sudo)',
  };
}

async function fileCheck(far: FarMachine): Promise<Check[]> {
  const channel = await far.run(['sh', '-c', MISSING, 'runner', ...FILE_TOOLS]);
  const { code, stdout, stderr } = await collect(channel, LOOK_MS, 'Looking for programs');
  const missing = stdout.trim();
  const ok = code === 0 && missing === '';
  return [
    {
      name: 'file tools',
      ok,
      needed: 'when files are sent or fetched',
      found: ok ? FILE_TOOLS.join(', ') : missing === '' ? stderr.trim() : `without ${missing}`,
      help: `Install what is missing on machine "${far.name}"`,
    },
  ];
}

/** The doctor of the same program there. */
async function ownChecks(far: FarMachine): Promise<Check[]> {
  const channel = await far.run([FAR_RUNNER, 'doctor', '--json', '--for-others']);
  const { stdout, stderr } = await collect(channel, DOCTOR_MS, 'The doctor there');
  try {
    const checks: unknown = JSON.parse(stdout);
    if (Array.isArray(checks)) return checks.filter(isCheck);
  } catch {
    // Told below, with all that it said instead.
  }
  throw new Fault('run', `The doctor there says no list of checks: ${(stderr || stdout).trim()}`);
}

const isCheck = (value: unknown): value is Check =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'needed', 'found'].every(
    (key) => typeof Object.entries(value).find(([own]) => own === key)?.[1] === 'string',
  );

async function attempt(
  name: string,
  needed: Check['needed'],
  look: () => Promise<Check[]>,
): Promise<Check[]> {
  try {
    return await look();
  } catch (error) {
    return [{ ...failed(name, error), needed }];
  }
}

function failed(name: string, error: unknown): Check {
  const found = error instanceof Error ? error.message : String(error);
  const help = error instanceof Fault ? error.help : undefined;
  return { name, ok: false, needed: 'always', found, ...(help !== undefined && { help }) };
}
