// `--rules`, `--protocol` and the like → what a relay by hand is told.
import { resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { RelaySpec } from '../../model/relay.ts';
import { describeAddress } from '../../model/stream-address.ts';
import { compileRelay } from '../../scenario/compile-relay.ts';
import { readBytes, readFile, tellDiagnostics } from '../compile-file.ts';
import { protocols } from '../protocols.ts';
import { readText } from '../read-text.ts';
import type { Input } from '../verb.ts';

export interface RelayEnds extends Pick<RelaySpec, 'listen' | 'target'> {
  /** Whether the command line says where it listens: then the file's word does not count. */
  readonly isListenSaid: boolean;
}

/** Shows what is wrong; throws a usage fault where the relay cannot be. */
export function compileOptions(input: Input, ends: RelayEnds): RelaySpec {
  const rules = input.text('rules');
  const listen = describeAddress(ends.listen);
  const target = ends.target === 'original' ? ends.target : describeAddress(ends.target);
  const file = rules ?? 'command line';
  const { relay, diagnostics, files } = compileRelay(
    { file, text: rules === undefined ? '' : readText(rules) },
    {
      ...{ listen, target },
      over: {
        ...(ends.isListenSaid && { listen }),
        ...(input.text('target') !== undefined && { target }),
        ...words(input),
      },
    },
    { readFile, readBytes, protocols: protocols() },
  );
  if (relay !== undefined) {
    tellDiagnostics({ diagnostics, files });
    return relay;
  }
  if (rules !== undefined) tellDiagnostics({ diagnostics, files });
  const [first] = diagnostics;
  throw new Fault('usage', rules === undefined ? (first?.message ?? '') : `"${rules}" has faults`, {
    ...(first?.help !== undefined && rules === undefined && { help: first.help }),
  });
}

function words(input: Input): Readonly<Record<string, string | number>> {
  const protocol = input.text('protocol');
  const ordering = input.text('ordering');
  const workers = input.text('workers');
  if (workers !== undefined && !/^\d{1,2}$/.test(workers))
    throw new Fault('usage', `Expected 0 to 64 threads in ${input.origin('workers')}`);
  return {
    // A file is from the current folder, wherever the rules are.
    ...(protocol !== undefined && {
      protocol: /[/]|\.ya?ml$/.test(protocol) ? resolve(protocol) : protocol,
    }),
    ...(ordering !== undefined && { ordering }),
    ...(workers !== undefined && { workers: Number(workers) }),
  };
}
