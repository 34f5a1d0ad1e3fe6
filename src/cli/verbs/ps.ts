import { print, printJson } from '../terminal.ts';
import { EXIT } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { LOCAL_MACHINE, describeHop } from '../../model/machine.ts';
import { type LabRecord, isLive } from '../../lab/list.ts';
import { alignColumns } from '../../report/text.ts';
import { chosenMachine } from '../there/machine-option.ts';
import { findLabs } from '../labs.ts';
import { printable } from '../../report/escape.ts';
import { runThere, sameCall } from '../there/run-there.ts';

export async function run(input: Input): Promise<number> {
  const machine = chosenMachine(input);
  if (machine) return runThere(machine, sameCall('ps', input, ['json']), 'report');
  const labs = await findLabs();
  if (input.has('json')) printJson(labs.map(facts));
  else print(alignColumns([HEAD, ...labs.map(row)]).join('\n') + '\n');
  return EXIT.ok;
}

const HEAD = ['lab', 'scenario', 'state', 'nodes', 'machines', 'agent', 'started', 'folder'];

const row = (lab: LabRecord): string[] =>
  [
    lab.id,
    lab.scenario,
    lab.state,
    lab.nodes.join(','),
    machinesOf(lab).join(','),
    isLive(lab) ? String(lab.agentPid) : '-',
    lab.started,
    lab.directory,
  ].map(printable);

/** Names of the machines that have nodes of it. */
function machinesOf({ nodes, machines }: LabRecord): string[] {
  const far = new Set(machines.flatMap((part) => part.nodes));
  const isHere = machines.length === 0 || nodes.some((node) => !far.has(node));
  return [...(isHere ? [LOCAL_MACHINE] : []), ...machines.map(({ machine }) => machine.name)];
}

/** What others may rely on; file descriptors and clock ticks are between us and the lab. */
function facts(lab: LabRecord): object {
  const { id, scenario, state, started, nodes, containers, machines, directory } = lab;
  return {
    id,
    scenario,
    state,
    started,
    kept: state === 'kept',
    nodes,
    containers,
    machines: machines.map(({ machine, id: part, nodes: own }) => ({
      name: machine.name,
      destination: machine.ssh && describeHop(machine.ssh),
      lab: part,
      nodes: own,
    })),
    ...(isLive(lab) && { agentPid: lab.agentPid, holderPid: lab.holderPid }),
    directory,
  };
}
