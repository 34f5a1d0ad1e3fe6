import { basename } from 'node:path';
import { readPacketList } from '../../scenario/replay/packet-list/read-packet-list.ts';
import { replayScenario } from '../../scenario/replay/write/replay-scenario.ts';
import { type Compiled, compileFile, readSources } from '../compile-file.ts';
import type { Input } from '../verb.ts';

/** A scenario, or a list of packets as the scenario that `runner import` makes of it. */
export async function compileScript(
  file: string,
  input: Input,
): Promise<Pick<Compiled, 'plan' | 'diagnostics' | 'files'>> {
  const sources = await readSources(file);
  const { text } = sources;
  if (!isPacketList(text)) return compileFile(file, input, { sources });
  const { script, diagnostics } = readPacketList(file, text);
  if (!script) return { diagnostics, files: new Map([[file, text]]) };
  const scenario = replayScenario({ file: basename(file), script });
  return compileFile(file, input, { sources: { ...sources, text: scenario } });
}

/** In JSON, and not a scenario in JSON. */
function isPacketList(text: string): boolean {
  const start = text.trimStart();
  if (start.startsWith('[')) return true;
  return start.startsWith('{') && !/["']?version["']?\s*:/.test(start);
}
