// Which file of a site a request asks for. Only what the site lists is ever found, so that no path leads out of its folder.

export type FoundFile =
  | { readonly kind: 'file'; readonly path: string }
  /** It is a folder, whose page has relative links: its address ends in a slash. */
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'none' }
  /** The target is no path (RFC 3986 section 2.1). */
  | { readonly kind: 'bad' };

const INDEX = 'index.html';

/** `target` is that of the request line: path and query. */
export function findFile(
  files: { readonly has: (path: string) => boolean },
  target: string,
): FoundFile {
  const mark = target.search(/[?#]/);
  const encoded = (mark < 0 ? target : target.slice(0, mark)).replace(/^https?:\/\/[^/]*/i, '');
  const path = decode(encoded === '' ? '/' : encoded);
  if (path?.startsWith('/') !== true || path.includes('\0')) return { kind: 'bad' };
  const own = path.slice(1);
  if (own === '' || own.endsWith('/'))
    return files.has(`${own}${INDEX}`)
      ? { kind: 'file', path: `${own}${INDEX}` }
      : { kind: 'none' };
  if (files.has(own)) return { kind: 'file', path: own };
  if (!files.has(`${own}/${INDEX}`)) return { kind: 'none' };
  // Two slashes at the start would name another host.
  return {
    kind: 'moved',
    to: `/${encoded.replace(/^\/+/, '')}/${mark < 0 ? '' : target.slice(mark)}`,
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
