import { linuxReader } from './linux/linux.ts';
import { macosReader } from './macos/macos.ts';
import { programs } from './program.ts';
import type { Read } from './reading.ts';
import { windowsReader } from './windows/windows.ts';

/** How this system is read, and how often: a reading costs Linux some file reads, Windows a second of PowerShell. What runs when the signal comes is ended. */
export function systemReader(signal: AbortSignal, platform: NodeJS.Platform = process.platform): { readonly read: Read; readonly everyMs: number } {
  switch (platform) {
    case 'linux':
      return { read: linuxReader({ root: '/', run: programs(signal) }), everyMs: 4000 };
    case 'darwin':
      return { read: macosReader(programs(signal)), everyMs: 4000 };
    case 'win32':
      return { read: windowsReader(programs(signal)), everyMs: 30_000 };
    default:
      return { read: () => Promise.resolve({}), everyMs: 60_000 };
  }
}
