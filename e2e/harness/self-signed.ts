import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate for `localhost` that nobody trusts; the same for the same folder. */
export function selfSigned(folder: string): { readonly path: string; readonly key: string; readonly cert: string } {
  const [key, path] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  if (!existsSync(path)) execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', path], { stdio: 'ignore' });
  return { path, key: readFileSync(key, 'utf8'), cert: readFileSync(path, 'utf8') };
}
