import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { settingsFrom } from './environment.ts';

/** The server as a process of its own. */
try {
  const settings = settingsFrom(process.env);
  // Types are stripped and code is compiled once and kept: a start takes two thirds of the time and
  // 25 MB less. So the server itself is imported after this line.
  enableCompileCache(join(settings.dataFolder, 'compile-cache'));
  const { startServer } = await import('./listen.ts');
  const server = await startServer(settings);
  process.stdout.write(server.setupCode ? `Everroll runs. Make your account: ${server.url}/?code=${server.setupCode}\n` : `Everroll runs at ${server.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
