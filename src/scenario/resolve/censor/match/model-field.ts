import type { ModelFeature, NumberField } from '../../../../model/censor-match.ts';
import type { ModelFeature as WrittenFeature } from '../../../../model/scenario-file.ts';
import { didYouMean } from '../../../suggest.ts';
import { below } from '../scope.ts';
import { type Reader, type Readers, itemsOf, readAll } from './field.ts';
import { type NumberForm, readRanges, readReal } from './numbers.ts';

/** Number fields that every packet with payload has. */
const FEATURES: readonly NumberField[] = [
  ...(['ip.version', 'ip.proto', 'ip.ttl', 'ip.id', 'ip.length', 'ip.dscp'] as const),
  ...(['tcp.srcport', 'tcp.dstport', 'tcp.port', 'tcp.seq', 'tcp.ack', 'tcp.window'] as const),
  ...(['tcp.length', 'tcp.headerLength', 'tcp.urgent'] as const),
  ...(['udp.srcport', 'udp.dstport', 'udp.port', 'udp.length', 'icmp.type', 'icmp.code'] as const),
  ...(['payload.length', 'payload.entropy', 'payload.popcount', 'payload.printable'] as const),
  ...(['payload.printableRun', 'payload.printablePrefix'] as const),
  ...(['flow.packets', 'flow.bytes', 'flow.data', 'flow.age'] as const),
];

const SCORE: NumberForm = {
  read: readReal,
  whole: false,
  wish: 'numbers such as ">=0.5" or "0.2-0.8"',
};

export const MODEL_FIELDS: Readers<'model'> = { model: modelField };

function modelField(...[place, written]: Parameters<Reader<'model'>>): ReturnType<Reader<'model'>> {
  const features = below(place, 'features');
  const read = readAll(
    features,
    itemsOf<WrittenFeature>(features, written.features),
    featureOf,
    'number fields of packets and flows such as "payload.entropy", or { bytes: 64 }',
    (value) => (typeof value === 'string' ? didYouMean(value, FEATURES) : undefined),
  );
  const ranges = readRanges(below(place, 'score'), written.score, SCORE);
  const model = place.scope.models.place(written.file, [...place.path, 'file']);
  if (model === undefined || read === undefined || ranges === undefined) return undefined;
  return { field: 'model', model, features: read, output: written.output ?? 0, ranges };
}

function featureOf(written: WrittenFeature): ModelFeature | undefined {
  if (typeof written === 'object') return { bytes: written.bytes };
  const field = FEATURES.find((item) => item === written);
  return field && { field };
}
