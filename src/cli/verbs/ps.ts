import { print, printJson } from '../terminal.ts';
import { EXIT } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import type { LabRecord } from '../../lab/list.ts';
import { alignColumns } from '../../report/text.ts';
import { listLabs } from '../../lab/list.ts';
import { printable } from '../../report/escape.ts';

export function run(input: Input): Promise<number> {
  const labs = listLabs();
  if (input.has('json')) printJson(labs.map(facts));
  else print(alignColumns([HEAD, ...labs.map(row)]).join('\n') + '\n');
  return Promise.resolve(EXIT.ok);
}

const HEAD = ['lab', 'scenario', 'state', 'nodes', 'agent', 'started', 'folder'];

const row = (lab: LabRecord): string[] =>
  [
    lab.id,
    lab.scenario,
    lab.kept ? 'kept' : 'running',
    lab.nodes.join(','),
    String(lab.agentPid),
    lab.started,
    lab.directory,
  ].map(printable);

/** What others may rely on; file descriptors and clock ticks are between us and the lab. */
const facts = ({
  id,
  scenario,
  started,
  kept,
  nodes,
  agentPid,
  holderPid,
  directory,
}: LabRecord): object => ({
  id,
  scenario,
  started,
  kept,
  nodes,
  agentPid,
  holderPid,
  directory,
});
