import { Fault } from '../../base/fault.ts';
import { importComposeFile } from '../import/compose.ts';
import { importCaptureFile } from '../import/capture.ts';
import { type ImportKind, kindOf } from '../import/kind.ts';
import { importPacketsFile } from '../import/packets.ts';
import { readBytes, readStreamBytes } from '../read-bytes.ts';
import type { Input } from '../verb.ts';

const STDIN = '-';

/** A compose file, a capture or a list of packets as a scenario, on standard output or into a file. */
export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const bytes = file === STDIN ? await readStreamBytes(process.stdin) : readBytes(file);
  if (bytes.length === 0)
    throw new Fault('usage', file === STDIN ? 'Standard input is empty' : `"${file}" is empty`, {
      help: 'Name a compose file, a capture (pcap or pcapng) or a list of packets in JSON',
    });
  const kind = kindOf(bytes);
  refuseStrangers(input, file, kind);
  switch (kind) {
    case 'capture':
      return importCaptureFile(input, file, bytes);
    case 'packets':
      return importPacketsFile(input, file, bytes.toString('utf8'));
    case 'compose':
      return importComposeFile(input, file, bytes.toString('utf8'));
  }
}

const NOUNS: Readonly<Record<ImportKind, string>> = {
  capture: 'a capture',
  packets: 'a list of packets',
  compose: 'a compose file',
};

/** The kinds of files that an option says something about. */
const MEANT_FOR: Readonly<Record<string, ImportKind>> = {
  flow: 'capture',
  raw: 'capture',
  packets: 'capture',
  random: 'capture',
  variables: 'compose',
  profile: 'compose',
};

/** Faults for options that mean nothing for such a file. */
function refuseStrangers(input: Input, file: string, kind: ImportKind): void {
  for (const [option, meant] of Object.entries(MEANT_FOR))
    if (meant !== kind && (input.has(option) || input.text(option) !== undefined))
      throw new Fault(
        'usage',
        `${input.origin(option)} is for ${NOUNS[meant]}, and "${file}" is taken for ${NOUNS[kind]}`,
        {
          help: 'A capture begins with the magic number of pcap or pcapng, a list of packets with "[" or "{"',
        },
      );
}
