import type { Call } from '@everroll/engine/http';

/** By these a device says how it stands and hears what is set for it (rules D1, D2). */
export const isOfDevices = (call: Call): boolean => /^\/api\/v1\/devices\/\w+\/(?:status|settings)$/.test(call.path);
