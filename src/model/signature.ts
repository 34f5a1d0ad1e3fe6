// Packet signatures as in Raman et al., Global, Passive Detection of Connection Tampering (SIGCOMM 2023): what the server saw of the
// client's packets, the last ones that carried the connection forward and how it was torn down, such as `⟨PSH+ACK→RST+ACK⟩`.

/** The end: nothing more came (`∅`), or RSTs. */
const ENDS = ['∅', 'RST', 'RST+ACK', 'RST;RST+ACK', 'RST+ACK;RST+ACK'];

/** Before any data two RSTs are just that; after it `=` and `≠` compare their acknowledgment numbers, and `RST₀` has none. */
const SILENT_ENDS = [...ENDS, 'RST;RST'];
const DATA_ENDS = [...ENDS, 'RST=RST', 'RST≠RST', 'RST;RST₀'];

/** All that can be said in this notation; `Data` is whatever follows the first data segment. The 19 of the paper are among them. */
export const SIGNATURES: readonly string[] = [
  ...['SYN', 'SYN;ACK'].flatMap((progress) => SILENT_ENDS.map((end) => `⟨${progress}→${end}⟩`)),
  ...['PSH+ACK', 'PSH+ACK;Data'].flatMap((progress) =>
    DATA_ENDS.map((end) => `⟨${progress}→${end}⟩`),
  ),
];

const ASCII: readonly (readonly [RegExp, string])[] = [
  [/->/g, '→'],
  [/</g, '⟨'],
  [/>/g, '⟩'],
  [/!=/g, '≠'],
  [/RST0/g, 'RST₀'],
  [/none/g, '∅'],
  [/\s+/g, ''],
];

/** The signature as people may type it: `<PSH+ACK -> RST != RST>`, `<SYN -> none>`. */
export const readSignature = (text: string): string =>
  ASCII.reduce((written, [pattern, sign]) => written.replace(pattern, sign), text);
