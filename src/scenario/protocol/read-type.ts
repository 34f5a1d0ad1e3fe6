// What a field is, as written: `uint16`, `mac`, `{ uint: 8, enum: kinds }`, `{ list: action, size: rest }`.
import type { FieldType, ListSize, SizeSpec } from '../../model/protocol.ts';
import { kindOf } from './type-keys.ts';
import { readSize } from './size-text.ts';

export type ReadType =
  | { readonly ok: true; readonly type: FieldType; readonly guarded: boolean }
  | { readonly ok: false; readonly fault: string; readonly help: string | undefined };

type Written = Readonly<Record<string, unknown>>;

const failed = (fault: string, help?: string): ReadType => ({ ok: false, fault, help });

export function readType(written: unknown): ReadType {
  if (typeof written === 'string') return readWord(written);
  if (typeof written !== 'object' || written === null)
    return failed('A field needs a type', 'Write uint16, mac, { bytes: 4 } or { struct: header }');
  const map = Object.fromEntries(Object.entries(written));
  const keys = kindOf(map);
  if (!keys.ok) return failed(keys.fault, keys.help);
  const type = readMap(keys.kind, map);
  if (typeof type === 'string') return failed(type);
  return { ok: true, type, guarded: map['guarded'] === true };
}

function readWord(word: string): ReadType {
  const plain = (type: FieldType): ReadType => ({ ok: true, type, guarded: false });
  const [, bits, little] = /^uint(\d{1,2})(le)?$/.exec(word) ?? [];
  if (bits !== undefined) {
    const type = uint(Number(bits), little !== undefined, {});
    return typeof type === 'string' ? failed(type) : plain(type);
  }
  switch (word) {
    case 'mac':
    case 'ipv4':
    case 'ipv6':
      return plain({ kind: word });
    case 'name':
      return plain({ kind: 'name', base: 0 });
    case 'bytes':
    case 'string':
      return plain({ kind: word, size: 'rest' });
    default:
      return failed(
        `There is no type "${word}"`,
        'Types are uint1 to uint64, mac, ipv4, ipv6, name, bytes, string, and maps such as { struct: header }',
      );
  }
}

/** A fault as text. */
function readMap(kind: string, map: Written): FieldType | string {
  const main = map[kind];
  switch (kind) {
    case 'uint':
      return uint(Number(main), map['little'] === true, map);
    case 'bytes':
    case 'string': {
      const size = readSize(main);
      return size === undefined ? badSize(main) : { kind, size };
    }
    case 'text':
      if (typeof main !== 'string' || main === '') return 'Text needs what it ends with';
      return { kind, until: main, ...(map['blanks'] === true ? { blanks: true } : {}) };
    case 'name':
      return { kind, base: Number(main) };
    case 'pad':
      return Number.isInteger(main) ? { kind, size: Number(main) } : badSize(main);
    case 'struct':
      return withSize(map, { kind, layout: String(main) });
    case 'list':
      return list(String(main), map);
    default:
      return choice(String(main), map);
  }
}

function uint(bits: number, isLittle: boolean, map: Written): FieldType | string {
  if (!Number.isInteger(bits) || bits < 1 || bits > 64)
    return `A number has 1 to 64 bits, not ${bits}`;
  if (isLittle && bits % 8 !== 0) return 'Only numbers of whole bytes can be little-endian';
  const { enum: words, flags } = map;
  return {
    kind: 'uint',
    bits,
    ...(isLittle ? { little: true } : {}),
    ...(typeof words === 'string' ? { enum: words } : {}),
    ...(flags === true ? { flags: true } : {}),
  };
}

function list(of: string, map: Written): FieldType | string {
  const { count, until, key, value, ignoreCase } = map;
  const size: ListSize | undefined =
    typeof count === 'string'
      ? { count }
      : typeof until === 'string'
        ? { until }
        : readSize(map['size'] ?? 'rest');
  if (size === undefined) return badSize(map['size']);
  return {
    kind: 'list',
    of,
    size,
    ...(typeof key === 'string' ? { key } : {}),
    ...(typeof value === 'string' ? { value } : {}),
    ...(ignoreCase === true ? { ignoreCase } : {}),
  };
}

function choice(on: string, map: Written): FieldType | string {
  const { cases, else: otherwise } = map;
  if (typeof cases !== 'object' || cases === null) return 'A choice needs "cases"';
  const named = Object.entries(cases).map(([key, layout]) => [key, String(layout)] as const);
  return withSize(map, {
    kind: 'choice',
    on,
    cases: Object.fromEntries(named),
    ...(typeof otherwise === 'string' ? { else: otherwise } : {}),
  });
}

function withSize(
  map: Written,
  type: Extract<FieldType, { readonly kind: 'struct' | 'choice' }>,
): FieldType | string {
  if (map['size'] === undefined) return type;
  const size: SizeSpec | undefined = readSize(map['size']);
  return size === undefined ? badSize(map['size']) : { ...type, size };
}

const badSize = (found: unknown): string =>
  `Expected a size such as 4, rest, length or "length - 4", found ${JSON.stringify(found)}`;
