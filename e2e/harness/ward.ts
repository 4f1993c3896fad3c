import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Status } from '@everroll/engine';
import { makeJpeg } from '@everroll/media/samples';
import type { CheckName, CheckResult, ReasonCode } from '@everroll/protocol';
import { DeviceProcess } from './device.ts';
import type { Stage } from './processes.ts';
import type { ServerProcess } from './server.ts';
import { type SwitchedLine, switchedLine } from './switched-line.ts';

/** One device behind a line of its own, with one photo that is saved. What a scenario breaks, it breaks here. */
export interface Ward {
  readonly stage: Stage;
  readonly server: ServerProcess;
  readonly line: SwitchedLine;
  readonly device: DeviceProcess;
  readonly photos: string;
  addPhoto(name: string, bytes?: number): Promise<void>;
  diagnose(...options: string[]): Promise<Diagnosis>;
  status(): Promise<Status>;
  /** Points the device to another address, as a person does who moved the server. */
  moveTo(url: string): Promise<void>;
  /** Statements on the device's own database, while nothing runs. */
  onDevice(sql: string, ...parameters: (string | number | null)[]): void;
  onServer(sql: string, ...parameters: (string | number | null)[]): void;
  /** What a cause opened is closed with the ward. */
  atEnd(end: () => Promise<void>): void;
  close(): Promise<void>;
}

export interface Diagnosis {
  readonly exitCode: number;
  readonly results: readonly CheckResult[];
  readonly before?: readonly CheckResult[];
  readonly fixes?: readonly { readonly action: string; readonly outcome: string; readonly code: string | null }[];
}

/** Causes, evidence and fixes of one reason; adding one to the table is adding one of these. */
export interface Scenario {
  readonly code: ReasonCode;
  readonly check: CheckName;
  /** What is done to the world. */
  readonly cause: string;
  make(ward: Ward): Promise<void> | void;
  /** What has to stand in the evidence's facts. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** What mends it, as a person reads it. */
  readonly fix: string;
  /** What the world or the person does about it; nothing where `everroll doctor --fix` does it all. */
  mend?(ward: Ward): Promise<void> | void;
  /** Whether the photo that was added waits for it. */
  readonly holdsItem?: boolean;
  /** The cause is told without a try to sync before. */
  readonly without?: 'sync';
}

export async function openWard(stage: Stage, server: ServerProcess, name: string): Promise<Ward> {
  const line = await switchedLine(() => server.port);
  const device = new DeviceProcess(stage, join(name, 'home'));
  // Enough for a second try, and no more: what waits here waits for what a scenario does.
  device.environment['EVERROLL_PATIENCE_SECONDS'] = '2';
  const photos = join(stage.path, name, 'photos');
  const ends: (() => Promise<void>)[] = [() => line.close()];
  const ward: Ward = {
    stage,
    server,
    line,
    device,
    photos,
    addPhoto: (file, bytes) => writeFile(join(photos, file), makeJpeg({ seed: `${name} ${file}`, ...(bytes === undefined ? {} : { bytes }) })),
    async diagnose(...options) {
      const { exitCode, stdout, stderr } = await device.run('doctor', '--json', ...options);
      if (stdout === '') throw new Error(`the doctor said nothing: ${stderr}`);
      return { exitCode, ...(JSON.parse(stdout) as Omit<Diagnosis, 'exitCode'>) };
    },
    async status() {
      return JSON.parse((await device.run('status', '--json')).stdout) as Status;
    },
    async moveTo(url) {
      const path = join(device.home, 'session.json');
      await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), server: url }));
    },
    onDevice: (sql, ...parameters) => statement(join(device.home, 'device.db'), sql, parameters),
    onServer: (sql, ...parameters) => statement(join(server.data, 'everroll.db'), sql, parameters),
    atEnd: (end) => void ends.push(end),
    async close() {
      for (const end of ends) await end();
    },
  };
  await mkdir(photos, { recursive: true });
  await device.signIn(line.url);
  await device.addSource(photos);
  await ward.addPhoto('BEFORE.JPG');
  await device.sync();
  return ward;
}

function statement(path: string, sql: string, parameters: readonly (string | number | null)[]): void {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    database.prepare(sql).run(...parameters);
  } finally {
    database.close();
  }
}
