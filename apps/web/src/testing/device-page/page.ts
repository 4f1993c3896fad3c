import { renditionUrl } from '../../device/contract.ts';
import { openDevice } from '../../device/open.ts';

/** A page that is the device alone: tests speak to it as the interface does. */
Object.assign(globalThis, { device: openDevice(), renditionUrl });
