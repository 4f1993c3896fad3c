import type { EverrollReady } from './everroll-server.ts';
import { pssMegabytes, start } from './processes.ts';
import type { Table } from './table.ts';

/** Long enough for what a start leaves behind to be collected. */
const IDLE_MS = 10_000;

/** Memory of an idle server, all of its processes. */
export async function memory(): Promise<Table> {
  const everroll = await start<EverrollReady>('everroll-server.ts');
  try {
    const atStart = pssMegabytes(everroll.pid);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    return {
      title: 'Memory of an idle server (PSS)',
      columns: ['when', 'MB'],
      rows: [
        ['just started', atStart.toFixed(0)],
        [`after ${IDLE_MS / 1000} s`, pssMegabytes(everroll.pid).toFixed(0)],
      ],
      notes: ['One process. Aim: <= 120 MB. The strongest peer, measured elsewhere: 795 MB in four processes.'],
    };
  } finally {
    await everroll.stop();
  }
}
