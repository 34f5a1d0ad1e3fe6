// `inventory:` of a scenario → what it says, from a file or from a program that prints it.
import { shellWords } from '../../base/shell-words.ts';
import type { Result } from '../../base/result.ts';
import type { Span } from '../../base/diagnostic.ts';
import type { Context } from '../context.ts';
import type { Faults } from '../faults.ts';
import { resolvePath } from '../source/resolve-path.ts';
import { type Inventory, NO_INVENTORY } from './inventory.ts';
import { readInventory } from './read-inventory.ts';

export interface InventorySources {
  readonly readFile: (path: string) => Result<string, string>;
  readonly runInventory?: (argv: readonly string[]) => Result<string, string>;
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
  { readFile, files }: InventorySources,
  faults: Faults,
): Inventory {
  const file = written.startsWith('~/') ? written : resolvePath(span.file, written);
  const text = readFile(file);
  if (!text.ok) {
    faults.add('S020', span, `Cannot read "${file}": ${text.error}`, {
      help: 'Paths are relative to the file that names them',
    });
    return NOTHING;
  }
  files.set(file, withoutPasswords(text.value));
  const filePath = (name: string, at: Span): string => context.filePathAt(name, file, at);
  return readInventory(file, text.value, filePath, faults);
}

function fromProgram(
  context: Context,
  command: readonly string[],
  { runInventory, files }: InventorySources,
  faults: Faults,
): Inventory {
  const words = shellWords(command);
  const output = runInventory?.(command);
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
  files.set(name, withoutPasswords(output.value));
  // What it prints speaks of files as seen from where it runs.
  const filePath = (text: string, at: Span): string => context.filePathAt(text, context.file, at);
  return readInventory(name, output.value, filePath, faults);
}

/** What is shown of an inventory shows none of its passwords; all else stays where it is. */
const withoutPasswords = (text: string): string =>
  text.replaceAll(
    /(\w*(?:password|_pass)"?\s*[=:]\s*)("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,}]+)/gi,
    (_, name: string, value: string) => `${name}${'*'.repeat(value.length)}`,
  );
