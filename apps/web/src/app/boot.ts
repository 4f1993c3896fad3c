import { startWorker } from '../device/page/worker.ts';

startWorker();
// The worker is loading by now; the page's program loads beside it.
void import('./main.tsx');
