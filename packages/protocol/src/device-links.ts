import { z } from 'zod';
import { Milliseconds } from './entities.ts';
import { DeviceIntroduction } from './messages.ts';

/** 130 random bits, for an address or a QR code: it opens the account to one more device, once, for some minutes (rule X6). */
export const DeviceLinkCode = z.string().regex(/^[0-9a-z]{26}$/, 'expected a code of 26 letters and digits');

/** The code is told once; the server keeps its hash. */
export const DeviceLink = z.object({ code: DeviceLinkCode, expiresAt: Milliseconds });
export type DeviceLink = z.infer<typeof DeviceLink>;

/** Another device of the account signs in. */
export const JoinRequest = z.object({ code: DeviceLinkCode, device: DeviceIntroduction });
