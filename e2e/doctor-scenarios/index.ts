import type { Scenario } from '../harness/scenario.ts';
import { changes } from './changes.ts';
import { connection } from './connection.ts';
import { devices } from './devices.ts';
import { items, kept } from './items.ts';
import { originals } from './originals.ts';
import { power } from './power.ts';
import { server } from './server.ts';
import { settings } from './settings.ts';
import { state } from './state.ts';
import { storage } from './storage.ts';

/** In the order of the checks. */
export const scenarios: readonly Scenario[] = [...settings, ...connection, ...storage, ...state, ...power, ...server, ...originals, ...devices, ...items, ...kept, ...changes];
