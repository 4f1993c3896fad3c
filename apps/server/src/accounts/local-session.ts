import type { AccountId, DeviceId, DeviceIntroduction } from '@everroll/protocol';
import type { Services } from '../context.ts';
import { attachDevice } from './devices.ts';
import { beginSession } from './sessions.ts';

/**
 * Signs a device in without a password. For the process that runs the server alone: whoever runs
 * it can read its database anyway (`npm start -- FOLDER` signs its own agent in).
 */
export async function createLocalSession(services: Services, accountId: AccountId, device: DeviceIntroduction): Promise<{ token: string; deviceId: DeviceId }> {
  return await services.db.transaction().execute(async (trx) => {
    const deviceId = await attachDevice(trx, services, accountId, device);
    return { token: await beginSession(trx, services.random, accountId, deviceId, services.clock.now()), deviceId };
  });
}
