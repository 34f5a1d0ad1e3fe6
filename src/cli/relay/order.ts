// What `runner relay` is asked for.
import { resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { RelayAloneOrder } from '../../model/relay-alone.ts';
import type { RelaySpec, StreamAddress } from '../../model/relay.ts';
import { describeAddress, parseStreamAddress } from '../../model/stream-address.ts';
import { readSeed } from '../compile-file.ts';
import { type CompiledOptions, compileOptions } from './compile-options.ts';
import { FindingsFolder } from './findings-folder.ts';
import type { Input } from '../verb.ts';

export interface RelayByHand {
  readonly order: RelayAloneOrder;
  /** As addresses are written, or `original`. */
  readonly target: string;
  /** Where the fuzzer's findings go; null: nowhere. */
  readonly findings: FindingsFolder | null;
}

/** mproxy's own. */
const LISTEN = ':6633';
const TARGET = '127.0.0.1:6635';

/** Throws usage faults. */
export function orderRelay(input: Input): RelayByHand {
  const port = readPort(input);
  const { relay: compiled, ...written } = compileOptions(input, {
    listen: readAddress(input, 'listen', port ?? LISTEN, '*'),
    target: readTarget(input),
    isListenSaid: port !== undefined || input.text('listen') !== undefined,
  });
  const control =
    input.text('control') === undefined
      ? compiled.control
      : readAddress(input, 'control', '', '127.0.0.1');
  const transparent = input.has('transparent') || compiled.transparent;
  const spec: RelaySpec = { ...compiled, control, transparent };
  const { target } = spec;
  checkKinds(spec);
  const audit = input.text('audit');
  const seed = readSeed(input) ?? 1;
  return {
    order: {
      spec,
      seed,
      audit: audit === undefined ? null : resolve(audit),
      isQuiet: input.has('quiet'),
    },
    target: target === 'original' ? target : describeAddress(target),
    findings: findingsFolder(input, spec, written, seed),
  };
}

function findingsFolder(
  input: Input,
  { listen, target, fuzz }: RelaySpec,
  { file, text, over }: Omit<CompiledOptions, 'relay'>,
  seed: number,
): FindingsFolder | null {
  const folder = input.text('findings');
  if (folder === undefined) return null;
  if (fuzz === null)
    throw new Fault('usage', `Nothing is found for ${input.origin('findings')}`, {
      help: 'Write "fuzz" into the file of --rules',
    });
  const ends = {
    listen: describeAddress(listen),
    target: target === 'original' ? target : describeAddress(target),
  };
  const { answerTimeout } = fuzz;
  return new FindingsFolder(resolve(folder), {
    ...{ file: resolve(file), text, seed, answerTimeout },
    over: { ...over, ...ends },
  });
}

function readPort(input: Input): string | undefined {
  const port = input.text('port');
  if (port === undefined) return undefined;
  if (input.text('listen') !== undefined)
    throw new Fault('usage', `${input.origin('port')} and ${input.origin('listen')} say the same`, {
      help: `Leave one away: --listen :${port}`,
    });
  return `:${port}`;
}

const readTarget = (input: Input): RelaySpec['target'] =>
  input.text('target') === 'original'
    ? 'original'
    : readAddress(input, 'target', TARGET, '127.0.0.1');

/** `host` stands for one that is left out. A path is from the current folder. */
function readAddress(input: Input, option: string, usual: string, host: string): StreamAddress {
  const address = parseStreamAddress(input.text(option) ?? usual, host);
  if (!address.ok) throw new Fault('usage', `${address.error} in ${input.origin(option)}`);
  const { value } = address;
  if (value.kind !== 'unix' || value.path.startsWith('@')) return value;
  return { kind: 'unix', path: resolve(value.path) };
}

function checkKinds({ listen, target, control, transparent }: RelaySpec): void {
  const wrong = (message: string, help: string): Fault => new Fault('usage', message, { help });
  if (target !== 'original' && (listen.kind === 'udp') !== (target.kind === 'udp'))
    throw wrong(
      'Datagrams are relayed to datagrams, streams to streams',
      'Give both --listen and --target as udp://, or neither',
    );
  if (transparent && target !== 'original')
    throw wrong('--transparent is for --target original', 'Give both, or leave it away');
  if (control?.kind === 'udp')
    throw wrong('A relay is controlled over HTTP', 'Give --control as :PORT or unix:/path');
}
