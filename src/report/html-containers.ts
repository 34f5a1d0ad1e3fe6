// The containers of a run in report.html.
import { type Cell, arms, fileLink, outcome, table } from './html-sections.ts';
import type { ContainerRecord, ImageRecord } from '../model/container.ts';
import type { Report } from './report.ts';
import { describeContainer } from './describe.ts';
import { escapeMarkup } from './escape.ts';
import { formatMillis } from '../base/units.ts';

export function containerSection({ manifest }: Report): string {
  return arms(manifest, 'Containers', ({ images, containers }, folder) => {
    const nodes = [...new Set([...images, ...containers].map(({ node }) => node))];
    const rows = nodes.map((node) =>
      row(
        node,
        images.find((image) => image.node === node),
        containers.find((container) => container.node === node),
        folder,
      ),
    );
    return rows.length === 0 ? '' : table(HEAD, rows);
  });
}

const HEAD = ['Node', 'Image', 'Digest', 'State', 'Exit code', 'Ready after', 'Files', 'Log'];

function row(
  node: string,
  image: ImageRecord | undefined,
  container: ContainerRecord | undefined,
  folder: string,
): Cell[] {
  const fault = container ? describeContainer(container) : null;
  const readyAfter = container?.readyAfter ?? null;
  const files = (container?.files ?? []).map((file) => `<li>${fileLink(folder + file).html}</li>`);
  return [
    node,
    image ? `${image.name} (${image.origin})` : '',
    { html: `<code>${escapeMarkup(image?.digest ?? image?.id ?? '')}</code>` },
    container?.oomKilled ? outcome(false, 'out of memory') : (container?.state ?? ''),
    exitCell(container?.exitCode ?? null, fault === null),
    readyAfter === null ? '' : formatMillis(readyAfter),
    { html: files.length === 0 ? '' : `<ul>${files.join('')}</ul>` },
    container ? fileLink(`${folder}logs/${node}.log`) : '',
  ];
}

const exitCell = (code: number | null, isGood: boolean): Cell => {
  if (code === null) return '';
  return isGood ? code : outcome(false, String(code));
};
