// A relay by hand: the body of `relay` as a file of its own, compiled as a scenario's is, outside of any lab.
import type { Diagnostic } from '../base/diagnostic.ts';
import type { RelaySpec } from '../model/relay.ts';
import { type CompileOptions, contextOf } from './compile.ts';
import { Faults } from './faults.ts';
import { RELAY_DIALECT } from './relay-dialect.ts';
import { resolveRelay } from './resolve/relay/relay.ts';
import { checkSchema } from './schema/check-schema.ts';
import { withListsOfOne } from './source/lone-parts.ts';
import { readYaml } from './source/read-yaml.ts';
import type { MapEntry, MapTree, Tree } from './source/tree.ts';

export interface RelayCompilation {
  /** Absent when there is an error among the diagnostics. */
  readonly relay?: RelaySpec;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: ReadonlyMap<string, string>;
}

/** What the command line says, which wins over the file; `listen` and `target` are for a file that says neither. */
export interface RelaySettings {
  readonly listen: string;
  readonly target: string;
  readonly over: Readonly<Record<string, string | number>>;
}

/** Names are looked up when they are dialled. */
export function compileRelay(
  { file, text }: { readonly file: string; readonly text: string },
  { listen, target, over }: RelaySettings,
  options: Pick<CompileOptions, 'readFile' | 'readBytes' | 'protocols'>,
): RelayCompilation {
  const faults = new Faults();
  const files = new Map([[file, text]]);
  const body = text.trim() === '' ? mapOf(file, {}) : readYaml(file, text, faults, RELAY_DIALECT);
  if (body === undefined) return { diagnostics: faults.sorted([file]), files };
  const own: MapTree = {
    ...body,
    entries: new Map([
      ...mapOf(file, { listen, target }).entries,
      ...body.entries,
      ...mapOf(file, over).entries,
    ]),
  };
  const scenario = withListsOfOne(scenarioWith(file, own));
  const checked = checkSchema(scenario, faults);
  const context = checked && contextOf(file, scenario, checked, { ...options, files }, faults);
  const written = context?.scenario.proxies?.[NAME]?.relay;
  const path = ['proxies', NAME, 'relay'];
  const relay = context && written && resolveRelay(context, null, written, path);
  const diagnostics = faults.sorted([file]);
  return relay === undefined || faults.hasErrors
    ? { diagnostics, files }
    : { relay, diagnostics, files };
}

const NAME = 'relay';

/** The smallest scenario that has this relay: what is wrong with it is shown where it is written. */
function scenarioWith(file: string, relay: MapTree): MapTree {
  const node = 'here';
  const proxy: MapTree = {
    ...mapOf(file, { on: node }),
    entries: new Map([...mapOf(file, { on: node }).entries, ['relay', entryOf(file, relay)]]),
  };
  const part = (name: string, value: Tree): MapEntry =>
    entryOf(file, { ...mapOf(file, {}), entries: new Map([[name, entryOf(file, value)]]) });
  return {
    ...mapOf(file, {}),
    entries: new Map([
      ...mapOf(file, { version: 1, name: NAME }).entries,
      ['hosts', part(node, mapOf(file, {}))],
      ['proxies', part(NAME, proxy)],
    ]),
  };
}

const startOf = (file: string): MapTree['span'] => ({ file, line: 1, column: 1, length: 1 });

const entryOf = (file: string, value: Tree): MapEntry => ({ keySpan: startOf(file), value });

const mapOf = (file: string, values: Readonly<Record<string, string | number>>): MapTree => ({
  kind: 'map',
  span: startOf(file),
  entries: new Map(
    Object.entries(values).map(([key, value]) => [
      key,
      entryOf(file, { kind: 'scalar', span: startOf(file), value }),
    ]),
  ),
});
