// Fields of the flow that a packet belongs to.
import { parseMillis, parseRatio } from '../../../../base/units.ts';
import { type FieldsOf, type Reader, type Readers, reportValue } from './field.ts';
import { type NumberForm, numberField, wholeUpTo } from './numbers.ts';
import { SIZE, wordField } from './payload-fields.ts';

const COUNT = wholeUpTo(
  Number.MAX_SAFE_INTEGER,
  'numbers of packets such as 1, "2-5" or "<=10"',
  0,
);

const AGE: NumberForm = {
  read: (text) => {
    const time = parseMillis(text);
    return time.ok ? time.value : undefined;
  },
  whole: false,
  wish: 'times with their unit such as ">=2s" or "100ms-1s"',
};

const TUPLE = ['client', 'server', 'clientPort', 'serverPort'] as const;

export const FLOW_FIELDS: Readers<FieldsOf<'flow'> | 'share'> = {
  'flow.packets': numberField('flow.packets', COUNT),
  'flow.bytes': numberField('flow.bytes', SIZE),
  'flow.data': numberField('flow.data', COUNT),
  'flow.age': numberField('flow.age', AGE),
  'flow.side': wordField('flow.side', ['client', 'server']),
  'flow.origin': originField,
  share: shareField,
};

/** Who is inside must have been said. */
function originField(
  ...[place, written]: Parameters<Reader<'flow.origin'>>
): ReturnType<Reader<'flow.origin'>> {
  if (!place.scope.hasInside)
    place.scope.context.report(
      'S085',
      place.path,
      'The condition "flow.origin" holds for no flow: the censor does not say who is inside',
      {
        key: true,
        severity: 'warning',
        help: 'Add "inside: 10.10.1.0/24" or the name of a network',
      },
    );
  return wordField('flow.origin', ['inside', 'outside'])(place, written);
}

function shareField(...[place, written]: Parameters<Reader<'share'>>): ReturnType<Reader<'share'>> {
  const { of = TUPLE, share } = typeof written === 'string' ? { share: written } : written;
  const ratio = parseRatio(share);
  if (ratio.ok)
    return { field: 'share', of: [...new Set(of)], share: Number(ratio.value.toPrecision(12)) };
  reportValue(place, place.path, 'a share such as "37%"', written);
  return undefined;
}
