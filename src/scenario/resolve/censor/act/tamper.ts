import type { TamperAction, TamperEdit } from '../../../../model/censor-action.ts';
import type {
  BytesValue,
  Tamper,
  TamperEdit as WrittenEdit,
} from '../../../../model/scenario-file.ts';
import { didYouMean } from '../../../suggest.ts';
import { quoted } from '../../../text.ts';
import { hexOf, readHex } from '../hex.ts';
import { numberNamed, readWhole } from '../match/numbers.ts';
import { type Place, below } from '../scope.ts';
import { TLS_EXTENSIONS } from '../tls-extensions.ts';

/** TCP option kinds (IANA) by the names that people use. */
const TCP_OPTIONS: Readonly<Record<string, number>> = {
  ...{ mss: 2, wscale: 3, sack: 4, timestamps: 8, md5: 19, fastopen: 34 },
};

/** The highest value of each field. */
const FIELDS = {
  'ip.ttl': 255,
  'ip.id': 65_535,
  'ip.dscp': 63,
  'tcp.window': 65_535,
  'tcp.urgent': 65_535,
} as const;

export function resolveTamper(place: Place, written: Tamper): TamperAction {
  const { path } = below(place, 'edits');
  return {
    kind: 'tamper',
    edits: written.edits.flatMap((edit, index) => {
      const own = { scope: place.scope, path: [...path, index], key: 'edits' };
      return editOf(own, edit) ?? [];
    }),
    direction: written.direction ?? 'both',
    scope: written.scope ?? 'flow',
  };
}

function editOf(place: Place, written: WrittenEdit): TamperEdit | undefined {
  if (written.replace !== undefined) {
    const at = below(place, 'replace');
    const find = bytesOf(below(at, 'find'), written.replace.find);
    const by = bytesOf(below(at, 'with'), written.replace.with);
    if (find === '')
      place.scope.context.report('S088', [...at.path, 'find'], 'There is nothing to look for', {
        help: 'Write the bytes that are replaced',
      });
    return find === undefined || by === undefined ? undefined : { edit: 'replace', find, with: by };
  }
  if (written['http-header'] !== undefined) return httpHeader(place, written['http-header']);
  if (written['tls-strip'] !== undefined) {
    const extension = numbered(below(place, 'tls-strip'), written['tls-strip'], TLS_EXTENSIONS);
    return extension === undefined ? undefined : { edit: 'tls-strip', extension };
  }
  if (written['tls-sni'] !== undefined)
    return { edit: 'tls-sni', name: written['tls-sni'].replace(/\.$/, '') };
  if (written.field !== undefined) return fieldEdit(place, written.field);
  const strip = written['tcp-strip'];
  if (strip === undefined) return undefined;
  const option = numbered(below(place, 'tcp-strip'), strip, TCP_OPTIONS);
  return option === undefined ? undefined : { edit: 'tcp-strip', option };
}

function httpHeader(
  place: Place,
  { name, value }: NonNullable<WrittenEdit['http-header']>,
): TamperEdit | undefined {
  const at = below(place, 'http-header');
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    place.scope.context.report(
      'S088',
      [...at.path, 'name'],
      `Expected the name of a header field, found ${quoted(name)}`,
      { help: 'Without a colon: "Accept-Encoding"' },
    );
  else if (value !== null && /[\r\n]/.test(value))
    place.scope.context.report(
      'S088',
      [...at.path, 'value'],
      'The value of a header field is one line',
    );
  else return { edit: 'http-header', name, value };
  return undefined;
}

function fieldEdit(
  place: Place,
  { name, value }: NonNullable<WrittenEdit['field']>,
): TamperEdit | undefined {
  if (value <= FIELDS[name]) return { edit: 'field', field: name, value };
  place.scope.context.report(
    'S088',
    [...place.path, 'field', 'value'],
    `Expected "${name}" to be at most ${FIELDS[name]}, found ${value}`,
  );
  return undefined;
}

function bytesOf(place: Place, written: BytesValue): string | undefined {
  if (typeof written === 'string') return hexOf(written);
  return written.text === undefined
    ? readHex(below(place, 'hex'), written.hex ?? '', 'S088')
    : hexOf(written.text);
}

/** A name of the table, or a number. */
function numbered(
  { scope, path, key }: Place,
  written: string | number,
  table: Readonly<Record<string, number>>,
): number | undefined {
  const value = numberNamed(String(written), table) ?? readWhole(String(written));
  if (value !== undefined && value <= 65_535) return value;
  scope.context.report(
    'S088',
    path,
    `Expected "${key}" to be a number or a name, found ${quoted(written)}`,
    {
      help:
        didYouMean(String(written), Object.keys(table)) ??
        `The names: ${Object.keys(table).join(', ')}`,
    },
  );
  return undefined;
}
