import { builtWebApp, settingsFrom, startServer } from '@everroll/server';
import type { Context } from './context.ts';
import type { Outcome } from './outcome.ts';

/** The server in this process, until it is stopped. */
export async function serveCommand(context: Context): Promise<Outcome> {
  const settings = settingsFrom({ EVERROLL_WEB: builtWebApp, ...context.env });
  const server = await startServer(settings);
  const { url, setupCode } = server;
  process.stderr.write(setupCode === null ? `Everroll runs at ${url}\n` : `Everroll runs. Make your account: ${url}/?code=${setupCode}\n`);
  // A program that waits for the server reads this line; it is the one object of --json.
  if (context.json) process.stdout.write(`${JSON.stringify({ url, setupCode, data: settings.dataFolder })}\n`);
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) resolve();
    else context.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
  return { exitCode: 0, json: null, lines: [] };
}
