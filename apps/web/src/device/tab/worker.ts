import type { FromTab, ToTab } from '../rpc/tab-messages.ts';
import { loadSqlite } from '../sqlite/module.ts';
import { isLed } from './led.ts';
import { workerScope } from './worker-scope.ts';

/**
 * The worker of one page: small, so that it listens at once, and SQLite and the program come side by side.
 * What it is asked before it is ready it takes afterwards.
 */
const early: ToTab[] = [];
let take = (message: ToTab): void => void early.push(message);
workerScope.addEventListener('message', (event: MessageEvent<ToTab>) => take(event.data));

const say = (message: FromTab): void => workerScope.postMessage(message);
say({ say: 'listening' });

// Who leads opens the database; who does not needs no SQLite. One that cannot be loaded is told where it is opened.
void isLed()
  .then((led) => (led ? undefined : loadSqlite()))
  .catch(() => undefined);
const { begin } = await import('./work.ts');
take = await begin(say);
for (const message of early) take(message);
