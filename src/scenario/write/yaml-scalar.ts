// One value as YAML that both YAML 1.1 and 1.2 read as the same.

/** Plain words: no indicator at the start, and nothing that means something else within braces. */
const PLAIN =
  /^(-{1,2}[A-Za-z]|[A-Za-z0-9_./])[\w./@+=~:$%^*&!?<>()-]*( [\w./@+=~$%^*()-][\w./@+=~:$%^*&!?<>()-]*)*$/;
/** Words that some reader takes for a truth value, nothing, a number or a date. */
const AMBIGUOUS =
  /^(true|false|null|yes|no|on|off|y|n|[-+.\d][\d_.:e+-]*|0[xo][\da-f_]+|[-+]?\.(inf|nan)|\d{4}-\d.*|\.+)$/i;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
/** What YAML does not take even within quotes, or a reader may break lines at. */
const UNPRINTABLE = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFD-\uFFFF]|[\uD800-\uDFFF]/gu;

/** A value; `${` is written as a scenario writes it where no parameter is meant. */
export const yamlScalar = (value: string | number | boolean | null): string =>
  typeof value === 'string' ? yamlKey(escapeHoles(value)) : String(value);

/** A text that parameters are not filled into. */
export function yamlKey(text: string): string {
  const isPlain = PLAIN.test(text) && !/:( |$)/.test(text);
  if (isPlain && (ADDRESS.test(text) || !AMBIGUOUS.test(text))) return text;
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The lines of a block literal, or undefined where quotes are safer. */
export function literalLines(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'string' || !/\n[^\n]/.test(value)) return undefined;
  if (!/^[^\s]/.test(value) || value.endsWith('\n\n') || /[ \t](\n|$)/.test(value))
    return undefined;
  // eslint-disable-next-line no-control-regex -- control characters are what is sought
  if (/[\u0000-\u0008\u000B-\u001F]/.test(value) || value.search(UNPRINTABLE) >= 0)
    return undefined;
  const lines = escapeHoles(value).split('\n');
  return value.endsWith('\n') ? ['|', ...lines.slice(0, -1)] : ['|-', ...lines];
}

const escapeHoles = (text: string): string => text.replaceAll('${', () => '$${');
