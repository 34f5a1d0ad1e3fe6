// Which messages a relay's rule is about, as words of `runner plan`.
import type { FieldTest, NthTest, RelayMatch, TestValue } from '../model/relay.ts';
import { percent, shown } from './render-match.ts';

export function renderRelayMatch(match: RelayMatch): string {
  const { types, fields, nth, probability, sessions, state } = match;
  const words = [
    ...(types.length === 0 ? [] : [shown(types, '|')]),
    ...fields.map(renderField),
    ...(sessions.length === 0 ? [] : [`session ${sessions.join('|')}`]),
    ...(state === null ? [] : [`state ${state}`]),
  ];
  return [
    words.length === 0 ? 'every message' : words.join(' and '),
    ...(nth === null ? [] : [renderNth(nth)]),
    ...(probability === 1 ? [] : [`of them ${percent(probability)}`]),
  ].join(', ');
}

function renderField({ path, not, values }: FieldTest): string {
  if (values.some(({ kind }) => kind === 'present')) return `${not ? 'no ' : ''}${path}`;
  return `${path} ${not ? '!' : ''}${shown(values.map(renderValue), '|')}`;
}

function renderValue(value: TestValue): string {
  switch (value.kind) {
    case 'number':
      return value.low === value.high ? String(value.low) : `${value.low}..${value.high}`;
    case 'text':
      return value.pattern;
    case 'prefix':
      return value.prefix;
    case 'bits':
      return `with bits 0x${value.mask.toString(16)}`;
    case 'regex':
      return `/${value.source}/`;
    case 'bytes':
      return `with bytes ${value.hex}`;
    case 'present':
      return 'there';
  }
}

function renderNth(nth: NthTest): string {
  if (nth.kind === 'at') return `no. ${nth.numbers.join(', ')}`;
  const first = nth.from + nth.every;
  return `every ${nth.every}${first === nth.every ? '' : ` from no. ${first} on`}`;
}
