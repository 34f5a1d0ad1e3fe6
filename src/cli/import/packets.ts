import { EXIT } from '../../base/fault.ts';
import { readPacketList } from '../../scenario/replay/packet-list/read-packet-list.ts';
import { tellDiagnostics } from '../compile-file.ts';
import type { Input } from '../verb.ts';
import { writeReplay } from './write-replay.ts';

/** A list of packets, such as the config.json of mice endpoints, as a scenario that plays it. */
export function importPacketsFile(input: Input, file: string, text: string): number {
  const { script, diagnostics } = readPacketList(file, text);
  tellDiagnostics({ diagnostics, files: new Map([[file, text]]) });
  return script === undefined ? EXIT.badScenario : writeReplay(input, file, script);
}
