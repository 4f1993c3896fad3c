import { driverContract } from '../../../../../packages/engine/contracts/driver.contract.ts';
import { openDatabase, removeDatabase } from '../../device/sqlite/open.ts';
import { workerScope } from '../../device/tab/worker-scope.ts';
import { cases } from './vitest.ts';

driverContract('SQLite WASM on OPFS', async () => {
  const database = await openDatabase();
  if (!database.persisted) throw new Error('this browser has no OPFS');
  let isFirst = true;
  return {
    open() {
      if (!isFirst) return database.another();
      isFirst = false;
      return database.driver;
    },
    async end() {
      database.close();
      await removeDatabase();
    },
  };
});

workerScope.addEventListener('message', ({ data: name }: MessageEvent<string>) => {
  const found = cases.find((each) => each.name === name);
  void (found?.run() ?? Promise.reject(new Error('no such case'))).then(
    () => workerScope.postMessage({ name, fault: null }),
    (error: unknown) => workerScope.postMessage({ name, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
workerScope.postMessage({ names: cases.map(({ name }) => name) });
