// make bench: measures each figure beside a peer or the kernel, prints the table and writes it to bench/results/. A slow
// machine gets a table like any other; only what cannot run at all is an error, and says so in its row.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure, Measurement } from './figure.ts';
import { isHeld } from './figure.ts';
import { measureApply } from './figures/apply.ts';
import { measureCensorOffline } from './figures/censor-offline.ts';
import { measureCensorRules } from './figures/censor-rules.ts';
import { measureCensorPrograms } from './figures/censor-programs.ts';
import { measureCompile } from './figures/compile.ts';
import { measureContainers } from './figures/containers.ts';
import { measureLab } from './figures/lab.ts';
import { measureMachines } from './figures/machines.ts';
import { measureMemory } from './figures/memory.ts';
import { measureMirror } from './figures/mirror.ts';
import { measureProbes } from './figures/probes.ts';
import { measureRaw } from './figures/raw.ts';
import { measureRelay } from './figures/relay.ts';
import { measureReplay } from './figures/replay.ts';
import { measureScripts } from './figures/scripts.ts';
import { measureStartUp } from './figures/start-up.ts';
import { measureTunnels } from './figures/tunnels.ts';
import { readMachineFacts } from './machine.ts';
import { measurePacketPath } from './packet-path.ts';
import { measureTrunk } from './figures/trunk.ts';
import { measureVisits } from './figures/visits.ts';
import { formatPage } from './table.ts';

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  'start-up': measureStartUp,
  compile: measureCompile,
  lab: measureLab,
  memory: measureMemory,
  apply: measureApply,
  'censor rules': measureCensorRules,
  probes: measureProbes,
  visits: measureVisits,
  scripts: measureScripts,
  replay: measureReplay,
  containers: measureContainers,
  machines: measureMachines,
  'censor offline': measureCensorOffline,
  'packet path': measurePacketPath,
  trunk: measureTrunk,
  'raw endpoints': measureRaw,
  relay: measureRelay,
  tunnels: measureTunnels,
  mirror: measureMirror,
  'censor programs': measureCensorPrograms,
};

const facts = readMachineFacts();
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  process.stderr.write(`measuring: ${name}\n`);
  figures.push(...(await measure().catch((error: unknown) => [unmeasured(name, error)])));
}

const page = formatPage(facts, figures);
const folder = join(import.meta.dirname, 'results');
const file = join(folder, facts.date.replaceAll(':', '-').replace(/\.\d+/, ''));
mkdirSync(folder, { recursive: true });
writeFileSync(`${file}.md`, page);
const rows = figures.map((figure) => ({ ...figure, held: isHeld(figure) }));
writeFileSync(`${file}.json`, `${JSON.stringify({ facts, figures: rows }, undefined, 2)}\n`);
process.stdout.write(`${page}\n${file}.md\n`);

function unmeasured(what: string, error: unknown): Figure {
  const note = error instanceof Error ? error.message : String(error);
  return {
    what,
    value: null,
    unit: 's',
    wished: null,
    note: note.replace(/\s+/g, ' ').slice(0, 500),
  };
}
