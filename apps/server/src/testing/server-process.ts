import { settingsFrom } from '../environment.ts';
import { startServer } from '../listen.ts';

/** A server in a process of its own, for tests that kill it. Tells its parent where it listens. */
const { url } = await startServer(settingsFrom(process.env));
process.send?.({ url });
