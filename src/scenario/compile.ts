// Text → Plan: the whole compiler, top to bottom. Every phase reports what it finds and leaves what is right for the next.
import type { Diagnostic } from '../base/diagnostic.ts';
import { type Result, fail } from '../base/result.ts';
import type { ParamValue, Plan } from '../model/plan.ts';
import { Context, type ProtocolLibrary } from './context.ts';
import { Faults } from './faults.ts';
import { type InventorySources, loadInventory } from './inventory/load-inventory.ts';
import type { FolderListing } from '../model/web.ts';
import { type Params, declareParams } from './params/declare.ts';
import { interpolate } from './params/interpolate.ts';
import { switchedOff, withoutSwitchedOff } from './params/when.ts';
import { NODE_KINDS, SECTIONS } from './nodes.ts';
import { assemblePlan } from './resolve/plan.ts';
import { resolveScenario } from './resolve/scenario.ts';
import { checkRules } from './rules/check-rules.ts';
import { withinLimits } from './rules/limits.ts';
import { type Checked, checkSchema, scenarioFile } from './schema/check-schema.ts';
import { ScenarioFiles } from './source/load-files.ts';
import type { Library } from './use/find-used.ts';
import { type UseSources, useCensors } from './use/use-censors.ts';
import { withListsOfOne } from './source/lone-parts.ts';
import { type MapTree, treeAt } from './source/tree.ts';

export interface Compilation {
  /** Absent when there is an error among the diagnostics. */
  readonly plan?: Plan;
  /** Sorted by file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text of every file that was read, for showing the lines at fault. */
  readonly files: ReadonlyMap<string, string>;
}

export interface CompileOptions {
  /** From `--set`: texts, read by the type that the parameter declares. */
  readonly params?: Readonly<Record<string, string>>;
  /** 1 when not given. */
  readonly seed?: number;
  /** False leaves all censors out: `--no-censor`, and the control arm. */
  readonly censors?: boolean;
  /** Gives the text of a file that the scenario extends or includes, or why there is none. */
  readonly readFile: (path: string) => Result<string, string>;
  /** Where the censors are looked for that `use` names. */
  readonly library?: Library;
  /** The protocols that a relay may name; without them it knows raw bytes and files alone. */
  readonly protocols?: ProtocolLibrary;
  /** Gives the content of a file whose bytes a script sends or replays, or why there is none. */
  readonly readBytes?: (path: string) => Result<Uint8Array, string>;
  /** Gives what is in a folder that is served, or why there is none. */
  readonly listFolder?: (path: string) => Result<FolderListing, string>;
  /** Gives the JavaScript of a censor's program in TypeScript or JavaScript with what it imports, or why there is none. */
  readonly readScript?: (path: string, content: string) => Result<string, string>;
  /** Runs the program of `inventory: { command: … }` and gives what it prints, or why there is nothing. */
  readonly runInventory?: (argv: readonly string[]) => Result<string, string>;
  /** Whether there is a folder at a path, of those that tools keep beside an inventory. */
  readonly isFolder?: (path: string) => boolean;
}

export function compile(
  source: { readonly file: string; readonly text: string },
  options: CompileOptions,
): Compilation {
  const faults = new Faults();
  const loaded = new ScenarioFiles(options.readFile, faults);
  const tree = loaded.load(source.file, source.text, []);
  const { files: read } = loaded;
  const plan = tree && planOf(source.file, tree, { ...options, files: read, loaded }, faults);
  const diagnostics = faults.sorted([...read.keys()]);
  if (plan === undefined || faults.hasErrors) return { diagnostics, files: read };
  return { plan, diagnostics, files: read };
}

function planOf(
  file: string,
  tree: MapTree,
  options: CompileOptions & InventorySources & { readonly loaded: ScenarioFiles },
  faults: Faults,
): Plan | undefined {
  const params = declareParams(tree, options.params ?? {}, faults);
  const filled = withListsOfOne(
    useCensors(interpolate(tree, params, faults), useSources(options, faults), [file]),
  );
  const checked = checkSchema(filled, faults);
  if (checked === undefined) return undefined;
  const context = contextOf(file, filled, checked, options, faults);
  if (!withinLimits(context)) return undefined;
  const resolved = resolveScenario(context, loadInventory(context, options, faults));
  checkRules(context, resolved);
  if (faults.hasErrors) return undefined;
  return assemblePlan(context, resolved, valuesOf(params), options.censors ?? true);
}

/** Without a say on which files there are, those are there that can be read. */
function useSources(
  { library, readFile, loaded: files }: CompileOptions & { readonly loaded: ScenarioFiles },
  faults: Faults,
): UseSources {
  const isFile = (path: string): boolean => readFile(path).ok;
  return { library: library ?? { isFile }, readFile, files, faults };
}

export function contextOf(
  file: string,
  filled: MapTree,
  { tree: checked, partial }: Checked,
  options: CompileOptions & InventorySources,
  faults: Faults,
): Context {
  const tree = withoutSwitchedOff(checked);
  const written = {
    nodes: new Map(
      NODE_KINDS.flatMap((kind) =>
        [...keysOf(filled, SECTIONS[kind])].map((name) => [name, kind] as const),
      ),
    ),
    networks: keysOf(filled, 'networks'),
    flows: namesOf(filled, 'traffic'),
    machines: keysOf(filled, 'machines'),
  };
  const off = {
    nodes: new Set(
      NODE_KINDS.flatMap((kind) => switchedOff(checked, SECTIONS[kind])).filter(
        (name) => !NODE_KINDS.some((kind) => keysOf(tree, SECTIONS[kind]).has(name)),
      ),
    ),
    flows: new Set(switchedOff(checked, 'traffic')),
    machines: new Set(switchedOff(checked, 'machines')),
    tunnels: new Set(switchedOff(checked, 'tunnels')),
  };
  const scenario = scenarioFile(tree);
  const { seed = 1, files } = options;
  return new Context({ scenario, seed, partial, written, off, file }, tree, faults, {
    readBytes: options.readBytes ?? (() => fail('files are not read here')),
    listFolder: options.listFolder ?? (() => fail('folders are not read here')),
    readScript: options.readScript ?? (() => fail('programs are not read here')),
    protocols: options.protocols ?? NO_PROTOCOLS,
    files,
  });
}

const NO_PROTOCOLS: ProtocolLibrary = {
  names: [],
  read: () => fail('descriptions are not read here'),
};

function keysOf(tree: MapTree, section: string): ReadonlySet<string> {
  const value = tree.entries.get(section)?.value;
  return new Set(value?.kind === 'map' ? value.entries.keys() : []);
}

function namesOf(tree: MapTree, section: string): ReadonlySet<string> {
  const value = tree.entries.get(section)?.value;
  const items = value?.kind === 'list' ? value.items : [];
  return new Set(
    items.flatMap((item) => {
      const name = treeAt(item, ['name']);
      return name?.kind === 'scalar' && typeof name.value === 'string' ? [name.value] : [];
    }),
  );
}

function valuesOf(params: Params): Readonly<Record<string, ParamValue>> {
  const given = [...params].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value.value] as const],
  );
  return Object.fromEntries(given);
}
