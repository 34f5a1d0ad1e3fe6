/** The site that a Host header asks for: its own before `*`; undefined when there is neither. */
export function chooseSite<T extends { readonly host: string }>(
  sites: readonly T[],
  header: string,
): T | undefined {
  const host = hostName(header);
  return (
    sites.find((site) => hostName(site.host) === host) ?? sites.find((site) => site.host === '*')
  );
}

/** The host of a Host header without its port, lower case; IPv6 addresses keep their brackets (RFC 9110 section 7.2). */
export const hostName = (header: string): string =>
  header.trim().toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
