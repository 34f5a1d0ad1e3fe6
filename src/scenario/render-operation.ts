// What a relay does to a message, as words of `runner plan`.
import { formatMillis } from '../base/units.ts';
import type {
  FieldEdit,
  ListEdit,
  MessageOperation,
  MessageSource,
  RelayOperation,
} from '../model/relay.ts';
import { renderSpan } from './render-action.ts';
import { counted } from './text.ts';

export function renderOperation(operation: RelayOperation): string {
  return 'path' in operation ? renderEdit(operation) : renderDeed(operation);
}

function renderEdit(edit: FieldEdit | ListEdit): string {
  const { kind, path } = edit;
  switch (kind) {
    case 'set':
    case 'add':
    case 'xor':
    case 'or':
    case 'and':
    case 'toggle':
      return `${kind} ${path} ${edit.value}`;
    case 'random':
      return ['random', path, edit.prefix ?? rangeOf(edit.low, edit.high)].join(' ').trimEnd();
    case 'bitflip':
      return `flip ${counted(edit.bits, 'bit')} of ${path}`;
    case 'boundary':
      return `set ${path} to ${edit.value ?? 'an end of its range'}`;
    case 'swap':
      return `set ${path} to another ${edit.to} value`;
    case 'mask':
      return `mask ${path} /${edit.bits}`;
    case 'truncate':
      return `truncate ${path} to ${counted(edit.bytes, 'byte')}`;
    case 'insert':
      return `insert ${edit.hex} into ${path} at ${edit.at}`;
    case 'delete':
      return `delete ${counted(edit.bytes, 'byte')} of ${path} at ${edit.at}`;
    case 'havoc':
      return `havoc ${path}, ${counted(edit.edits, 'edit')}`;
    case 'remove':
      return `remove ${path}`;
    case 'repeat':
      return `repeat ${path} ${counted(edit.times, 'time')}`;
    case 'shuffle':
      return edit.how === 'random' ? `shuffle ${path}` : `reverse ${path}`;
  }
}

const rangeOf = (low: number | string | null, high: number | string | null): string =>
  low === null && high === null ? '' : `${low ?? ''}..${high ?? ''}`;

function renderDeed(deed: MessageOperation): string {
  switch (deed.kind) {
    case 'drop':
    case 'reset':
    case 'close':
      return deed.kind;
    case 'delay':
      return `delay ${renderSpan(deed.for)}`;
    case 'duplicate':
      return `duplicate ${counted(deed.times, 'time')}`;
    case 'reorder':
      return `reorder behind ${deed.behind}`;
    case 'inject':
      return `inject ${renderSource(deed.message)} ${deed.where}`;
    case 'replace':
      return `replace by ${renderSource(deed.message)}`;
    case 'split':
      return `split after ${deed.sizes.join(', ')} bytes${deed.gap === 0 ? '' : ` every ${formatMillis(deed.gap)}`}`;
    case 'coalesce':
      return `coalesce with ${deed.with}`;
    case 'cut':
      return `cut to ${counted(deed.bytes, 'byte')}`;
    case 'corrupt-length':
      return `length says ${deed.value ?? `${deed.add < 0 ? '' : '+'}${deed.add}`}`;
    case 'hold': {
      const { types, at } = deed.until;
      const until =
        types.length === 0 ? '' : ` until ${types.join('|')}${at === null ? '' : ` at ${at}`}`;
      return `hold${until} for ${formatMillis(deed.for)}`;
    }
    case 'state':
      return `state ${deed.state}`;
    case 'blackhole':
      return deed.both ? 'blackhole both ways' : 'blackhole';
  }
}

function renderSource(source: MessageSource): string {
  switch (source.kind) {
    case 'fields':
      return [source.type, ...source.values.map(({ path, value }) => `${path}=${value}`)].join(' ');
    case 'bytes':
      return source.hex;
    case 'earlier':
      return `the last ${source.type} of the ${source.from}`;
  }
}
