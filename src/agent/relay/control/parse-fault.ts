// A fault as JSON from outside, checked word by word: what is wrong is said as a sentence.
import { type Result, fail, ok } from '../../../base/result.ts';
import type { FaultKind, RelayFault } from '../../../model/relay.ts';

/** What each kind takes, and what it is where nothing is said; null: it must be said. */
const NUMBERS: Readonly<Record<FaultKind['kind'], Readonly<Record<string, number | null>>>> = {
  latency: { latency: null, jitter: 0 },
  bandwidth: { rate: null },
  'slow-close': { delay: null },
  timeout: { after: null },
  'reset-peer': { after: null },
  slicer: { size: null, variation: 0, gap: 0 },
  'limit-data': { bytes: null },
};

/** Those that count bytes. */
const WHOLE: ReadonlySet<string> = new Set(['size', 'variation', 'bytes']);

/** Of a fault that is to be changed, `before` says what the words that are left out are. */
export function parseFault(value: unknown, before: RelayFault | null): Result<RelayFault, string> {
  if (!isRecord(value)) return fail('Expected a JSON object that describes a fault');
  const words: Record<string, unknown> = { ...before, ...value };
  const { name, kind, direction, probability = 1, enabled = true, ...rest } = words;
  const given = before?.name ?? name;
  if (typeof given !== 'string' || !/^[\w.-]+$/.test(given))
    return fail(`Expected a "name" of letters, digits, "_", "." and "-", found ${show(given)}`);
  if (name !== given) return fail(`The fault is called "${given}": its name cannot be changed`);
  if (before !== null && kind !== before.kind)
    return fail(`The fault "${given}" is of kind "${before.kind}": delete it and make another`);
  if (!isKind(kind))
    return fail(`Expected a "kind" of ${Object.keys(NUMBERS).join(', ')}, found ${show(kind)}`);
  if (direction !== 'upstream' && direction !== 'downstream')
    return fail(`Expected a "direction" of upstream or downstream, found ${show(direction)}`);
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1))
    return fail(`Expected a "probability" from 0 to 1, found ${show(probability)}`);
  if (typeof enabled !== 'boolean')
    return fail(`Expected "enabled" to be true or false, found ${show(enabled)}`);
  const numbers = parseNumbers(kind, rest);
  if (!numbers.ok) return numbers;
  const common = { name: given, direction, probability, enabled };
  // NUMBERS has the words of each kind, which the type of the union cannot say.
  return ok({ ...common, kind, ...numbers.value } as RelayFault);
}

function parseNumbers(
  kind: FaultKind['kind'],
  rest: Readonly<Record<string, unknown>>,
): Result<Record<string, number>, string> {
  const taken = NUMBERS[kind];
  const unknown = Object.keys(rest).find((word) => !Object.hasOwn(taken, word));
  if (unknown !== undefined)
    return fail(
      `A fault of kind "${kind}" has no "${unknown}"; it has ${Object.keys(taken).join(', ')}`,
    );
  const numbers: Record<string, number> = {};
  for (const [word, usual] of Object.entries(taken)) {
    const number = rest[word] ?? usual;
    if (typeof number !== 'number' || !Number.isFinite(number) || number < 0)
      return fail(
        `Expected "${word}" of a ${kind} to be a number from 0 on, found ${show(number)}`,
      );
    if (WHOLE.has(word) && !Number.isSafeInteger(number))
      return fail(`Expected "${word}" of a ${kind} to be a whole number, found ${show(number)}`);
    numbers[word] = number;
  }
  return ok(numbers);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isKind = (kind: unknown): kind is FaultKind['kind'] =>
  typeof kind === 'string' && Object.hasOwn(NUMBERS, kind);

const show = (value: unknown): string =>
  value === undefined || value === null ? 'nothing' : JSON.stringify(value);
