// Field settings as a tree of what is said of each field.
import { Fault } from '../../../base/fault.ts';
import type { EditValue, FieldSetting } from '../../../model/relay.ts';
import { type PathStep, parsePath } from '../path.ts';

/** What is said of one field; of a list, `names` are keys of its elements. */
export interface Setting {
  /** As far as it was written. */
  readonly path: string;
  value: EditValue | undefined;
  readonly names: Map<string, Setting>;
  /** By place in the list, in the order of places once complete. */
  readonly elements: Map<number, Setting>;
}

export const newSetting = (path: string): Setting => ({
  path,
  value: undefined,
  names: new Map(),
  elements: new Map(),
});

/** Later settings of a path win over earlier ones. */
export function settingTree(values: readonly FieldSetting[]): Setting {
  const root = newSetting('');
  for (const { path, value } of values) {
    const steps = parsePath(path);
    if (!steps.ok) throw new Fault('usage', steps.error);
    let at = root;
    for (const step of steps.value) at = childOf(at, step, path);
    at.value = value;
  }
  return root;
}

function childOf(parent: Setting, step: PathStep, path: string): Setting {
  switch (step.kind) {
    case 'name': {
      const child = parent.names.get(step.name) ?? newSetting(path);
      parent.names.set(step.name, child);
      return child;
    }
    case 'index': {
      const child = parent.elements.get(step.index) ?? newSetting(path);
      parent.elements.set(step.index, child);
      return child;
    }
    case 'all':
      throw new Fault('usage', `"${path}" sets all elements of a list that has none yet`, {
        help: 'Write one path for each: [0], [1]',
      });
  }
}
