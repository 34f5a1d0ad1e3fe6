// The mirrors of a run in report.html: what they copied, what their doctor found, and what they compared.
import { type Cell, arms, outcome, section, table } from './html-sections.ts';
import { compareMarkup } from './html-compare.ts';
import { sightingMarkup } from './html-sightings.ts';
import type { HtmlExtras, Report } from './report.ts';
import { formatBytes } from '../base/units.ts';
import type { ArmRecord } from '../model/run.ts';
import type { MirrorDiagnosis } from '../model/mirror-doctor.ts';
import type { MirrorRecord } from '../model/mirror-record.ts';

export const mirrorSection = (
  { manifest }: Report,
  { sightings = [] }: Pick<HtmlExtras, 'sightings'>,
): string =>
  arms(manifest, 'Mirrors', describeArm) +
  (sightings.length === 0
    ? ''
    : section('Packets at the servers of mirrors', sightings.map(sightingMarkup).join('')));

function describeArm({ mirrors, diagnoses = [] }: ArmRecord): string {
  const findings = diagnoses.flatMap(findingRows);
  return [
    ...(mirrors.length === 0 ? [] : [table(HEAD, mirrors.map(row))]),
    ...(findings.length === 0
      ? []
      : [table(['Mirror', 'The doctor found', 'Which is', 'Mend'], findings)]),
    ...mirrors.flatMap(({ name, comparison }) =>
      comparison ? [compareMarkup(name, comparison)] : [],
    ),
  ].join('');
}

const HEAD = [
  ...['Mirror', 'Online → target', 'Answers end at', 'Sessions', 'Not copied', 'Copies', 'Ended'],
  ...['Clients said', 'Short', 'Packets sent', 'Answers', 'Leaked'],
];

function row({ name, online, target, assistant, statistics }: MirrorRecord): Cell[] {
  const { sessions, copies, bytes, packets, reopened, unanswered } = statistics;
  return [
    name,
    `${online} → ${target}`,
    assistant,
    sessions.seen,
    counted(sessions.refused),
    outcome(copies.short === 0, `${copies.whole} of ${copies.whole + copies.short} whole`),
    counted({
      ...copies.endings,
      ...(reopened > 0 && { 'connected again': reopened }),
      ...(unanswered > 0 && { 'requests unanswered': unanswered }),
    }),
    formatBytes(bytes.copied),
    outcome(bytes.short === 0, formatBytes(bytes.short)),
    counted({ 'in all': packets.sent, again: packets.retransmitted }),
    counted({ 'in all': packets.answers, ...(packets.strays > 0 && { strays: packets.strays }) }),
    outcome(packets.leaked === 0, String(packets.leaked)),
  ];
}

const findingRows = ({ mirror, findings }: MirrorDiagnosis): Cell[][] =>
  findings.map(({ code, message, help }) => [mirror, outcome(false, code), message, help]);

/** `20 finished, 1 no-window`. */
const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
