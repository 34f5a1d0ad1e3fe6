// Has a node's kernel note a doctor's packets while a trial lasts.
import { Fault } from '../../../base/fault.ts';
import { runTool } from '../../build/tool.ts';
import { type Sightings, WATCH_TABLE, parseSightings, watchScript } from './watch-script.ts';

export interface NodeWatch {
  read(): Promise<Sightings>;
  /** Nothing of it stays. */
  end(): Promise<void>;
}

/** Resolves when the kernel of the namespace notes. */
export async function watchNode(
  namespaceFd: number,
  family: 4 | 6,
  sequence: number,
): Promise<NodeWatch> {
  const nft = async (input: string, ...words: string[]): Promise<string> => {
    const { ok, output, detail } = await runTool(['nft', ...words], namespaceFd, input);
    if (!ok)
      throw new Fault('machine', `Cannot watch the way of a mirror's copies: ${detail}`, {
        help: 'Run "runner doctor": it says what nftables can do here',
      });
    return output;
  };
  const remove = `table inet ${WATCH_TABLE}\ndelete table inet ${WATCH_TABLE}\n`;
  await nft(`${remove}${watchScript(family, sequence)}`, '-f', '-');
  return {
    read: async () => parseSightings(await nft('', '-j', 'list', 'table', 'inet', WATCH_TABLE)),
    end: async () => {
      await nft(remove, '-f', '-');
    },
  };
}
