import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Api } from '../harness/api.ts';
import { asAnotherUser, cannotBeAnother } from '../harness/another-user.ts';
import { libraryFolder } from '../harness/library-folder.ts';
import { CO_OWNER } from '../harness/ward.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { Ward } from '../harness/ward.ts';

const accountOf = async (ward: Ward): Promise<{ readonly id: string; readonly path: string }> => {
  const { body } = await (await ward.coOwner()).ask('GET', '/api/v1/accounts');
  const [first] = body['accounts'] as { id: string }[];
  if (first === undefined) throw new Error('there is no account');
  return { id: first.id, path: `/api/v1/accounts/${first.id}` };
};

const disabled = async (ward: Ward, isDisabled: boolean): Promise<void> => {
  await (await ward.coOwner()).ask('PATCH', (await accountOf(ward)).path, { disabled: isDisabled });
};

const sessionFile = (ward: Ward): string => join(ward.device.home, 'session.json');

export const settings: readonly Scenario[] = [
  { code: 'sync_off', check: 'settings', cause: 'the switch "Sync this device" is off', make: (ward) => ward.set('sync=off'), evidence: {}, fix: 'the doctor switches it on', holdsItem: false },
  { code: 'paused_by_user', check: 'settings', cause: 'paused until resumed', make: async (ward) => void (await ward.device.ask(['pause', '--until-resumed'])), evidence: { until: null }, fix: 'the doctor resumes', holdsItem: false },
  {
    code: 'signed_out',
    check: 'settings',
    cause: 'signed out on this device',
    make: async (ward) => void (await ward.device.ask(['sign-out'])),
    evidence: {},
    fix: 'signed in again; the queue is kept',
    mend: (ward) => ward.device.signIn(ward.line.url),
    holdsItem: false,
  },
  {
    code: 'session_revoked',
    check: 'settings',
    cause: 'another device of the account signs this one out',
    make: async (ward) => {
      const { api } = await ward.elsewhere();
      const { device } = await ward.status();
      await api.ask('DELETE', `/api/v1/devices/${device?.id ?? ''}`, undefined, 204);
    },
    evidence: {},
    fix: 'signed in again; the queue is kept',
    mend: (ward) => ward.device.signIn(ward.line.url),
  },
  { code: 'account_disabled', check: 'settings', cause: 'the server’s owner disables the account', make: (ward) => disabled(ward, true), evidence: {}, fix: 'the owner enables it', mend: (ward) => disabled(ward, false) },
  {
    code: 'wrong_account',
    check: 'settings',
    cause: 'the session of another account was put into this device’s home',
    make: async (ward) => {
      await ward.coOwner();
      const other = await Api.signIn(() => ward.server.url, 'Bea’s laptop', CO_OWNER);
      const session = JSON.parse(await readFile(sessionFile(ward), 'utf8')) as object;
      await writeFile(sessionFile(ward), JSON.stringify({ ...session, token: other.token }));
    },
    evidence: {},
    fix: 'signed in to the account that the library belongs to',
    mend: (ward) => ward.device.signIn(ward.line.url),
    without: 'sync',
    holdsItem: false,
  },
  {
    code: 'source_missing',
    check: 'settings',
    cause: 'the source folder is moved away',
    make: (ward) => rename(ward.photos, `${ward.photos}.moved`),
    evidence: {},
    fix: 'moved back',
    mend: (ward) => rename(`${ward.photos}.moved`, ward.photos),
    holdsItem: false,
  },
  {
    code: 'source_access_revoked',
    check: 'settings',
    cause: 'the user that Everroll runs as may not read the source folder any more',
    make: async (ward) => {
      await asAnotherUser(ward);
      await chmod(ward.photos, 0o000);
    },
    evidence: {},
    fix: 'the right to read it is given back',
    mend: (ward) => chmod(ward.photos, 0o755),
    holdsItem: false,
    needs: cannotBeAnother,
  },
  {
    code: 'mass_deletion_guard',
    check: 'settings',
    cause: 'all photos of the two-way library folder are deleted at once',
    make: async (ward) => {
      const folder = await libraryFolder(ward);
      await folder.empty();
    },
    evidence: {},
    fix: 'a person says that they did not: everroll folder restore',
    mend: async (ward) => void (await ward.device.ask(['folder', 'restore'])),
    spoils: true,
  },
];
