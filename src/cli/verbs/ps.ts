import { print, printJson } from '../terminal.ts';
import { EXIT } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { type LabRecord, isLive } from '../../lab/list.ts';
import { alignColumns } from '../../report/text.ts';
import { findLabs } from '../labs.ts';
import { printable } from '../../report/escape.ts';

export async function run(input: Input): Promise<number> {
  const labs = await findLabs();
  if (input.has('json')) printJson(labs.map(facts));
  else print(alignColumns([HEAD, ...labs.map(row)]).join('\n') + '\n');
  return EXIT.ok;
}

const HEAD = ['lab', 'scenario', 'state', 'nodes', 'agent', 'started', 'folder'];

const row = (lab: LabRecord): string[] =>
  [
    lab.id,
    lab.scenario,
    lab.state,
    lab.nodes.join(','),
    isLive(lab) ? String(lab.agentPid) : '-',
    lab.started,
    lab.directory,
  ].map(printable);

/** What others may rely on; file descriptors and clock ticks are between us and the lab. */
function facts(lab: LabRecord): object {
  const { id, scenario, state, started, nodes, containers, directory } = lab;
  return {
    id,
    scenario,
    state,
    started,
    kept: state === 'kept',
    nodes,
    containers,
    ...(isLive(lab) && { agentPid: lab.agentPid, holderPid: lab.holderPid }),
    directory,
  };
}
