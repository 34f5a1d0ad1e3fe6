// The tree against the schema: faults in our words, and what is left of the file once the faulty parts are taken out,
// so that the checks that follow can still speak about the rest.
import { nearest } from '../../base/nearest.ts';
import type { ScenarioFile } from '../../model/scenario-file.ts';
import type { Faults } from '../faults.ts';
import { validate } from '../schema-check.js';
import type { SchemaFault } from '../schema-fault.ts';
import {
  type MapTree,
  type Path,
  type Tree,
  keySpanAt,
  spanAt,
  toData,
  treeAt,
  UNKNOWN,
} from '../source/tree.ts';
import { explain } from './explain.ts';
import { withParameterTexts } from './parameter-texts.ts';
import { without } from './without.ts';

export interface Checked {
  readonly tree: MapTree;
  /** Whether parts were taken out. */
  readonly partial: boolean;
}

/** How often parts are taken out of parts before giving up. */
const ROUNDS = 8;

/** Undefined when nothing is left to go on with. */
export function checkSchema(filled: MapTree, faults: Faults): Checked | undefined {
  const first = faultsOf(filled);
  const root = withParameterTexts(filled, first);
  const unknown = pathsOfUnknown(root);
  const found = root === filled ? first : faultsOf(root);
  for (const fault of withoutConsequences(found)) report(fault, root, faults);
  let tree: MapTree | undefined = root;
  let removed = [...unknown, ...found.map(placeOf)];
  for (let round = 0; round < ROUNDS && tree !== undefined; round += 1) {
    if (removed.length === 0) return { tree, partial: round > 0 };
    tree = without(tree, removed);
    removed = tree === undefined ? [] : faultsOf(tree).map(placeOf);
  }
  return undefined;
}

/** The data of a tree that the schema has accepted. */
export function scenarioFile(tree: MapTree): ScenarioFile {
  // The schema and this type are generated from one source.
  return toData(tree) as ScenarioFile;
}

function faultsOf(tree: MapTree): readonly SchemaFault[] {
  if (validate(toData(tree))) return [];
  return (validate.errors ?? []).filter(
    (fault) =>
      fault.keyword !== 'propertyNames' &&
      fault.keyword !== 'if' &&
      !fault.schemaPath.includes('/oneOf/'),
  );
}

/** Where a key of a map is misspelt or of a later version, what seems to be missing from the map is that key. */
function withoutConsequences(found: readonly SchemaFault[]): readonly SchemaFault[] {
  const strays = new Map<string, readonly string[]>();
  for (const { keyword, instancePath, params } of found)
    if (keyword === 'additionalProperties')
      strays.set(instancePath, [
        ...(strays.get(instancePath) ?? []),
        String(params['additionalProperty']),
      ]);
  return found.filter((fault) => {
    const keys = strays.get(fault.instancePath);
    if (keys === undefined) return true;
    if (fault.keyword === 'oneOf' || fault.keyword === 'minProperties') return false;
    const missing = fault.params['missingProperty'];
    if (fault.keyword !== 'required' || typeof missing !== 'string') return true;
    return keys.every((key) => nearest(key, [missing]) === undefined);
  });
}

function report(fault: SchemaFault, root: MapTree, faults: Faults): void {
  if (fault.data === UNKNOWN) return;
  const { code, message, help, at } = explain(fault);
  const path = placeOf(fault);
  // A map or list is shown by its key: its own text may be half the file.
  const isScalar = treeAt(root, path)?.kind === 'scalar';
  const span = at === 'key' || !isScalar ? keySpanAt(root, path) : spanAt(root, path);
  faults.add(code, span, message, { help });
}

/** Path of what is wrong: the unknown or ill-named key itself, or the value at fault. */
function placeOf(fault: SchemaFault): Path {
  const path = fault.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (fault.propertyName !== undefined) return [...path, fault.propertyName];
  const extra = fault.params['additionalProperty'];
  return typeof extra === 'string' ? [...path, extra] : path;
}

function pathsOfUnknown(root: MapTree): Path[] {
  const found: Path[] = [];
  const walk = (tree: Tree, path: Path): void => {
    if (tree.kind === 'scalar') {
      if (tree.value === UNKNOWN) found.push(path);
    } else if (tree.kind === 'list')
      tree.items.forEach((item, index) => walk(item, [...path, index]));
    else for (const [key, entry] of tree.entries) walk(entry.value, [...path, key]);
  };
  walk(root, []);
  return found;
}
