import type { RunProgram } from '../program.ts';
import type { Read } from '../reading.ts';
import { interfaceFlags, interfaceOfRoute, portKind } from './network.ts';
import { batteryOf, isLowPowerMode, isThrottled } from './pmset.ts';

/** macOS: route(8), networksetup(8), ifconfig(8) and pmset(1). */
export function macosReader(run: RunProgram): Read {
  /** The list of ports is made anew only when the default route takes one that it lacks. */
  let ports = '';
  return async () => {
    const [route, battery, settings, heat] = await Promise.all([run('/sbin/route', ['-n', 'get', 'default']), run('/usr/bin/pmset', ['-g', 'batt']), run('/usr/bin/pmset', ['-g']), run('/usr/bin/pmset', ['-g', 'therm'])]);
    const name = route === null ? null : interfaceOfRoute(route);
    if (name !== null && !ports.includes(`Device: ${name}\n`)) ports = (await run('/usr/sbin/networksetup', ['-listallhardwareports'])) ?? '';
    const flags = name === null ? null : await run('/sbin/ifconfig', ['-v', name]);
    const connection = name === null ? null : portKind(ports, name);
    const lowPowerMode = settings === null ? null : isLowPowerMode(settings);
    const hot = heat === null ? null : isThrottled(heat);
    return {
      ...(connection !== null && { connection }),
      ...(flags !== null && interfaceFlags(flags)),
      ...(battery !== null && batteryOf(battery)),
      ...(lowPowerMode !== null && { lowPowerMode }),
      ...(hot !== null && { hot }),
    };
  };
}
