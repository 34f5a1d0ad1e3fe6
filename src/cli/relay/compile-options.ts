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

export interface CompiledOptions {
  readonly relay: RelaySpec;
  /** The rules as they are written. */
  readonly file: string;
  readonly text: string;
  /** What the command line says, which wins over them. */
  readonly over: Readonly<Record<string, string | number>>;
}

/** Shows what is wrong; throws a usage fault where the relay cannot be. */
export function compileOptions(input: Input, ends: RelayEnds): CompiledOptions {
  const rules = input.text('rules');
  const listen = describeAddress(ends.listen);
  const target = ends.target === 'original' ? ends.target : describeAddress(ends.target);
  const file = rules ?? 'command line';
  const text = rules === undefined ? '' : readText(rules);
  const over = {
    ...(ends.isListenSaid && { listen }),
    ...(input.text('target') !== undefined && { target }),
    ...words(input),
  };
  const { relay, diagnostics, files } = compileRelay(
    { file, text },
    { listen, target, over },
    { readFile, readBytes, protocols: protocols() },
  );
  if (relay !== undefined) {
    tellDiagnostics({ diagnostics, files });
    return { relay, file, text, over };
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
