// `inventory:` of a scenario → what it says, from a file or from a program that prints it.
import { shellWords } from '../../base/shell-words.ts';
import { type Result, ok } from '../../base/result.ts';
import type { Span } from '../../base/diagnostic.ts';
import type { Context } from '../context.ts';
import type { Faults } from '../faults.ts';
import { resolvePath } from '../source/resolve-path.ts';
import { hideSecrets } from './hide-secrets.ts';
import { type Inventory, NO_INVENTORY } from './inventory.ts';
import { readInventory } from './read-inventory.ts';

export interface InventorySources {
  readonly readFile: (path: string) => Result<string, string>;
  readonly runInventory?: (argv: readonly string[]) => Result<string, string>;
  readonly isFolder?: (path: string) => boolean;
  /** Gets the text of what was read, for showing the lines at fault. */
  readonly files: Map<string, string>;
}

const NOTHING: Inventory = { ...NO_INVENTORY, isWhole: false };

export function loadInventory(
  context: Context,
  sources: InventorySources,
  faults: Faults,
): Inventory {
  const { inventory } = context.scenario;
  if (inventory === undefined || inventory === '') return NO_INVENTORY;
  const {
    file,
    command,
    when = true,
  } = typeof inventory === 'string' ? { file: inventory } : inventory;
  if (!when) return NO_INVENTORY;
  const path = typeof inventory === 'string' ? ['inventory'] : ['inventory', 'file'];
  if (file !== undefined && command === undefined)
    return file === ''
      ? NO_INVENTORY
      : fromFile(context, file, context.spanOf(path), sources, faults);
  if (command !== undefined && file === undefined)
    return fromProgram(context, command, sources, faults);
  if (!context.partial)
    context.report(
      'S048',
      ['inventory'],
      `Expected exactly one of "file" or "command", found ${file === undefined ? 'none' : 'both'}`,
      { key: true },
    );
  return NOTHING;
}

function fromFile(
  context: Context,
  written: string,
  span: Span,
  sources: InventorySources,
  faults: Faults,
): Inventory {
  const { readFile, files } = sources;
  const file = written.startsWith('~/') ? written : resolvePath(span.file, written);
  const text = withoutMark(readFile(file));
  if (!text.ok) {
    faults.add('S020', span, `Cannot read "${file}": ${text.error}`, {
      help: 'Paths are relative to the file that names them',
    });
    return NOTHING;
  }
  show(files, file, text.value);
  const filePath = (name: string, at: Span): string => context.filePathAt(name, file, at);
  const inventory = readInventory(file, text.value, filePath, faults);
  warnOfFolders(file, span, inventory, sources, faults);
  return inventory;
}

function fromProgram(
  context: Context,
  command: readonly string[],
  { runInventory, files }: InventorySources,
  faults: Faults,
): Inventory {
  // What runs is what is written, all of it: faults may have taken out a part.
  if (context.partial || faults.hasErrors) return NOTHING;
  const words = shellWords(command);
  const output = runInventory && withoutMark(runInventory(command));
  if (output?.ok !== true) {
    context.report(
      'S140',
      ['inventory', 'command'],
      `Cannot get the inventory from "${words}": ${output?.error ?? 'no program may be run here'}`,
      {
        key: true,
        help: 'Run it by itself, in the folder of the scenario: it prints an inventory, and ends with 0',
      },
    );
    return NOTHING;
  }
  const name = `output of "${words}"`;
  show(files, name, output.value);
  // What it prints speaks of files as seen from where it runs.
  const filePath = (text: string, at: Span): string => context.filePathAt(text, context.file, at);
  return readInventory(name, output.value, filePath, faults);
}

/** A byte order mark (RFC 8259 section 8.1) does not belong to the text. */
const withoutMark = (text: Result<string, string>): Result<string, string> =>
  text.ok ? ok(text.value.replace(/^\uFEFF/, '')) : text;

function show(files: Map<string, string>, name: string, text: string): void {
  const shown = hideSecrets(name, text);
  if (shown !== undefined) files.set(name, shown);
}

/** Ansible reads variables from files beside an inventory as well. */
function warnOfFolders(
  file: string,
  span: Span,
  { groups }: Inventory,
  { isFolder }: InventorySources,
  faults: Faults,
): void {
  // Of Ansible's, unlike of others, some hosts may be in no group.
  if (!groups.has('ungrouped')) return;
  for (const folder of ['group_vars', 'host_vars'])
    if (isFolder?.(resolvePath(file, folder)) === true)
      faults.add('S148', span, `The variables in "${folder}" beside the inventory are not read`, {
        severity: 'warning',
        help: `Let Ansible read them: inventory: { command: [ansible-inventory, -i, ${file}, --list] }`,
      });
}
