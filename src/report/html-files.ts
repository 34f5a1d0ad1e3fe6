// Links from report.html to the other files of its folder.
import { fileLink, section } from './html-sections.ts';
import type { ArmRecord } from '../model/run.ts';
import type { Report } from './report.ts';

export function fileSection({ manifest }: Report): string {
  const { control, status } = manifest;
  // Only a run that came to its end is judged.
  const isJudged = status === 'passed' || status === 'failed';
  const files = [
    'run.json',
    'plan.json',
    ...(isJudged ? ['verdicts.json', 'expectations.json', 'ooni.jsonl'] : []),
    'events.ndjson',
    ...armFiles(manifest, ''),
    ...(control ? ['control/plan.json', ...armFiles(control, 'control/')] : []),
  ];
  const items = files.map((file) => `<li>${fileLink(file).html}</li>`);
  return section('Files', `<ul>${items.join('')}</ul>`);
}

const armFiles = ({ captures }: ArmRecord, folder: string): string[] => [
  ...(captures.length === 0 ? [] : [`${folder}captures/all.pcapng`]),
  `${folder}logs/`,
];
