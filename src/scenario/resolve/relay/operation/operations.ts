// `do` of a rule → operations, with what is not written filled in.
import type { RelayOperation, RelayRule } from '../../../../model/relay.ts';
import type { RelayOperation as Written } from '../../../../model/scenario-file.ts';
import { type RelayPlace, within } from '../scope.ts';
import { resolveFieldEdit } from './field-edit.ts';
import { resolveListEdit } from './list-edit.ts';
import { checkEdit } from './check-edit.ts';
import { resolveMessageOperation } from './message-operation.ts';
import type { RuleFrame } from './rule-frame.ts';

export interface ResolvedOperations {
  readonly operations: readonly RelayOperation[];
  readonly fixup: RelayRule['fixup'];
}

export function resolveOperations(
  place: RelayPlace,
  written: readonly Written[],
  frame: RuleFrame,
): ResolvedOperations {
  const fixups = written.flatMap((item) => (typeof item === 'string' ? [] : (item.fixup ?? [])));
  for (const [index, item] of written.entries()) {
    if (typeof item === 'string' || !(item.fixup ?? []).includes('checksum')) continue;
    const { context, protocol } = place.scope;
    context.report(
      'S183',
      within(place, index, 'fixup').path,
      `The protocol ${protocol.spec.protocol} has no checksum that could be put right`,
      { help: 'Descriptions say no checksums: write { fixup: [length] }' },
    );
  }
  const isFixed = written.some((item) => typeof item !== 'string' && item.fixup !== undefined);
  return {
    operations: written.flatMap((item, index) => operationOf(within(place, index), item, frame)),
    fixup: isFixed ? [...new Set(fixups.filter(isFixup))] : ['length'],
  };
}

const isFixup = (word: string): word is RelayRule['fixup'][number] =>
  word === 'length' || word === 'checksum';

type Options = Exclude<Written, string>;

function operationOf(place: RelayPlace, written: Written, frame: RuleFrame): RelayOperation[] {
  if (typeof written === 'string') return [byWord(written)];
  const [key, ...more] = Object.keys(written);
  if (key === undefined || more.length > 0) {
    reportCount(place, written);
    return [];
  }
  if (key === 'fixup') return [];
  const own = within(place, key);
  const edit = resolveFieldEdit(own, written) ?? resolveListEdit(written);
  if (edit === undefined)
    return [resolveMessageOperation(own, written, frame)].flatMap((one) => one ?? []);
  return checkEdit(own, edit, frame) ? [edit] : [];
}

function byWord(word: string): RelayOperation {
  switch (word) {
    case 'duplicate':
      return { kind: 'duplicate', times: 1 };
    case 'blackhole':
      return { kind: 'blackhole', both: false };
    case 'reset':
    case 'close':
      return { kind: word };
    default:
      return { kind: 'drop' };
  }
}

function reportCount({ scope: { context }, path }: RelayPlace, written: Options): void {
  const keys = Object.keys(written);
  if (keys.length === 0 && context.partial) return;
  context.report(
    'S048',
    path,
    `Expected exactly one operation, found ${keys.length === 0 ? 'none' : keys.join(' and ')}`,
    {
      help:
        keys.length === 0
          ? 'Write { set: { field: …, value: … } }, drop, { delay: 20ms }, …'
          : `Write a list: [${keys.map((key) => `{ ${key}: … }`).join(', ')}]`,
    },
  );
}
