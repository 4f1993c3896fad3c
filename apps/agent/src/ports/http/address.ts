/** What a person types as a server's address, as a URL without a slash at its end; undefined where it is none. */
export function parseAddress(text: string): string | undefined {
  const typed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `${isLocal(typed) ? 'http' : 'https'}://${typed}`;
  if (!URL.canParse(withScheme)) return undefined;
  const url = new URL(withScheme);
  if (!['http:', 'https:'].includes(url.protocol) || url.hostname === '' || url.username !== '' || url.password !== '') return undefined;
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** Without a scheme, TLS is meant, except where no certificate authority gives a certificate. */
function isLocal(typed: string): boolean {
  const host = typed.startsWith('[') ? typed.slice(0, typed.indexOf(']') + 1) : (typed.split(/[:/]/, 1)[0] ?? '');
  return host === 'localhost' || host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.endsWith('.local') || !host.includes('.');
}
