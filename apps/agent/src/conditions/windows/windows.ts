import type { RunProgram } from '../program.ts';
import type { Read } from '../reading.ts';
import { readingOf } from './answer.ts';

/** PowerShell takes a second to start on a small machine, and several when it starts for the first time. */
const LIMIT_MS = 10_000;

/**
 * Windows Runtime by Windows PowerShell 5, which is part of every Windows; PowerShell 7 cannot load its
 * types. Windows.Networking.Connectivity tells cost and kind of the connection, Windows.System.Power
 * battery, charger and battery saver. Heat is told to administrators alone.
 */
const SCRIPT = `
$ErrorActionPreference = 'Stop'
$null = [Windows.Networking.Connectivity.NetworkInformation, Windows.Networking.Connectivity, ContentType = WindowsRuntime]
$null = [Windows.System.Power.PowerManager, Windows.System.Power, ContentType = WindowsRuntime]
$profile = [Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile()
$network = $null
if ($profile) {
  $cost = $profile.GetConnectionCost()
  $network = @{
    isWwan = $profile.IsWwanConnectionProfile
    isWlan = $profile.IsWlanConnectionProfile
    interfaceType = $profile.NetworkAdapter.IanaInterfaceType
    cost = "$($cost.NetworkCostType)"
    roaming = $cost.Roaming
    overDataLimit = $cost.OverDataLimit
    backgroundRestricted = $cost.BackgroundDataUsageRestricted
  }
}
$power = [Windows.System.Power.PowerManager]
@{
  network = $network
  battery = "$($power::BatteryStatus)"
  supply = "$($power::PowerSupplyStatus)"
  percent = $power::RemainingChargePercent
  saver = "$($power::EnergySaverStatus)"
} | ConvertTo-Json -Compress
`;

export function windowsReader(run: RunProgram): Read {
  // -EncodedCommand takes UTF-16 in base64 (about_PowerShell_exe) and spares all quoting.
  const encoded = Buffer.from(SCRIPT, 'utf16le').toString('base64');
  return async () => {
    const answer = await run('powershell.exe', ['-NoLogo', '-NoProfile', '-NonInteractive', '-EncodedCommand', encoded], LIMIT_MS);
    return answer === null ? {} : readingOf(answer);
  };
}
