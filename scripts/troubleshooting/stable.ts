/** What differs from run to run and says nothing: the same in each. */
export function stable(text: string, { folder, servers }: { readonly folder: string; readonly servers: readonly string[] }): string[] {
  let same = text.replaceAll(folder, '/home/ada');
  for (const server of servers) same = same.replaceAll(server, 'http://photos.home:4600').replaceAll(new URL(server).host, 'photos.home:4600').replaceAll(new RegExp(`\\bport ${new URL(server).port}\\b`, 'g'), 'port 4600');
  same = same
    .replaceAll(/\b[0-9a-f]{32,64}\b/g, (id) => `${id.slice(0, 6)}…`)
    .replaceAll(/\b\d+(?:\.\d+)? ms\b/g, '2 ms')
    .replaceAll(/^( *Library .* on )[\w.-]+$/gm, '$1ada-laptop')
    .replaceAll(/\b\d+ (?:s|min) ago/g, '5 s ago')
    .replaceAll(/since last seen \d+ (?:s|min)/g, 'since last seen 5 s')
    .replaceAll(/free [\d.]+ GB · total [\d.]+ GB/g, 'free 80 GB · total 256 GB')
    .replaceAll(/This device is [\w.-]+;/g, 'This device is ada-laptop;');
  return withoutOrder(same.replaceAll(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '').split('\n'));
}

const SHORT = 3;

/** Of the doctor's checks those that are in order, one line each, are counted. */
function withoutOrder(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let run: string[] = [];
  const endRun = (): void => {
    kept.push(...(run.length < SHORT ? run : [`✓ … ${run.length} checks in order`]));
    run = [];
  };
  for (const line of lines) {
    if (line.startsWith('✓ ')) run.push(line);
    else {
      endRun();
      kept.push(line);
    }
  }
  endRun();
  return kept;
}
