import { Command, CommanderError } from 'commander';
import { PRODUCT_VERSION } from '@everroll/protocol';
import type { AskOptions } from './commands/ask.ts';
import { type Context, contextFrom } from './commands/context.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { EditOptions } from './commands/edit.ts';
import type { FetchOptions } from './commands/fetch.ts';
import type { ListOptions } from './commands/list.ts';
import { type Outcome, printOutcome, wrongUse } from './commands/outcome.ts';
import type { FreeOptions } from './commands/free.ts';
import type { OpenOptions } from './commands/open.ts';
import type { RemoveOptions } from './commands/remove-from-device.ts';
import type { PauseOptions } from './commands/settings.ts';
import type { SignInOptions } from './commands/sign-in.ts';
import type { SpaceOptions } from './commands/space.ts';
import type { SupportBundleOptions } from './commands/support-bundle.ts';
import type { SyncOptions } from './commands/sync.ts';
import type { VerifyServerOptions } from './commands/verify-server.ts';

/** Read when one is called: the help and the server need none of the device’s code. */
const verbs = () => import('./commands/verbs.ts');

type Run = (body: (context: Context) => Promise<Outcome>) => Promise<void>;

/** The verbs and what they are called with. The returned function runs one and gives its exit code. */
export function buildProgram(env: Context['env'], signal: AbortSignal): (args: readonly string[]) => Promise<number> {
  let exitCode = 0;
  const program = new Command('everroll')
    .description('One photo library on all of your devices, on a server that you own.')
    .version(PRODUCT_VERSION, '-v, --version')
    .showHelpAfterError('(everroll --help shows what there is)')
    .exitOverride();
  let json = false;
  const run: Run = async (body) => {
    const outcome = await body(contextFrom(env, json, signal));
    printOutcome(outcome, json);
    ({ exitCode } = outcome);
  };
  addDeviceVerbs(program, run);
  addSyncVerbs(program, run);
  addDoctorVerbs(program, run);
  addLibraryVerbs(program, run);
  addPlanVerbs(program, run);
  addOtherDevicesVerbs(program, run);
  for (const command of allOf(program)) command.option('--json', 'print one JSON object').exitOverride();

  return async (args) => {
    json = args.includes('--json');
    try {
      await program.parseAsync([...args], { from: 'user' });
      return exitCode;
    } catch (error) {
      if (error instanceof CommanderError) {
        if (error.exitCode === 0) return 0;
        // Commander has told the person on standard error; a program reads this.
        if (json) printOutcome(wrongUse(error.message.replace(/^error: /, '')), true);
        return 2;
      }
      if (signal.aborted) return 130;
      throw error;
    }
  };
}

function addDeviceVerbs(program: Command, run: Run): void {
  program
    .command('serve')
    .description('run the server (EVERROLL_DATA, EVERROLL_HOST, EVERROLL_PORT)')
    .action(() =>
      run(async (context) => {
        // Only this verb needs the server's code.
        const { serveCommand } = await import('./commands/serve.ts');
        return serveCommand(context);
      }),
    );
  program
    .command('sign-in')
    .description('sign this device in; the password is asked for, or taken from EVERROLL_PASSWORD')
    .argument('[address]', 'the server, such as photos.example.com')
    .option('--email <email>', 'your account’s e-mail address; known after the first time')
    .option('--create-account', 'make the owner’s account first')
    .option('--setup-code <code>', 'the code that the server printed when it started')
    .option('--invitation <code>', 'make the account that an invitation is for')
    .option('--reset-code <code>', 'choose a new password first')
    .option('--name <name>', 'your name, for the new account')
    .option('--device-name <name>', 'what this device is called')
    .action((address: string | undefined, options: SignInOptions) => run(async (context) => (await verbs()).signInCommand(context, address, options)));
  program.command('sign-out').description('end this device’s session; what waits is kept').action(() => run(async (context) => (await verbs()).signOutCommand(context)));

  const source = program.command('source').description('folders whose photos are saved; they are read and never written');
  source.command('add').argument('<folder>').description('save the photos in a folder').action((folder: string) => run(async (context) => (await verbs()).addSourceCommand(context, folder)));
  source.command('list').description('show the folders').action(() => run(async (context) => (await verbs()).listSourcesCommand(context)));
  source.command('remove').argument('<folder>').description('stop looking at a folder').action((folder: string) => run(async (context) => (await verbs()).removeSourceCommand(context, folder)));

  program
    .command('folder')
    .description('the two-way library folder: show it, set it, or answer its guard')
    .argument('[path]', 'a folder, or: confirm (I deleted those files), restore (I did not)')
    .option('--off', 'have none any more')
    .action((what: string | undefined, options: { off?: boolean }) => run(async (context) => (await verbs()).folderCommand(context, what, options)));
  program
    .command('free')
    .description('let originals that the server holds give way to previews in the library folder, the least recently used first')
    .argument('[size]', 'so much; all that can, unless said')
    .option('--dry-run', 'show what could')
    .action((amount: string | undefined, options: FreeOptions) => run(async (context) => (await verbs()).freeCommand(context, amount, options)));
  program
    .command('remove-from-device')
    .description('remove what the library folder holds from this device, and from nowhere else')
    .option('--yes', 'do not ask')
    .action((options: RemoveOptions) => run(async (context) => (await verbs()).removeFromDeviceCommand(context, options)));
}

function addSyncVerbs(program: Command, run: Run): void {
  program
    .command('sync')
    .description('save what is new and fetch what is missing')
    .option('--watch', 'stay and keep this device in sync')
    .option('--retry', 'try at once what failed')
    .option('--now', 'for an hour, whatever the power policy says; ends a pause')
    .action((options: SyncOptions) => run(async (context) => (await verbs()).syncCommand(context, options)));
  program.command('status').description('how this device stands').action(() => run(async (context) => (await verbs()).statusCommand(context)));
  program
    .command('why')
    .description('why a photo is not synced')
    .argument('<file>', 'a file, or the beginning of an asset’s id')
    .option('--add-again', 'add a photo again that was deleted from the library')
    .action((named: string, options: { addAgain?: boolean }) => run(async (context) => (await verbs()).whyCommand(context, named, options)));
  program
    .command('set')
    .description('show settings and conditions, or change them: power=wifi, mobile-data=off, conditions.metered=yes')
    .argument('[key=value...]')
    .action((pairs: string[]) => run(async (context) => (await verbs()).setCommand(context, pairs)));
  program
    .command('pause')
    .description('stop syncing for a day')
    .option('--for <time>', '30m, 2h, 1d')
    .option('--until-resumed', 'for as long as nobody resumes it')
    .action((options: PauseOptions) => run(async (context) => (await verbs()).pauseCommand(context, options)));
  program.command('resume').description('go on syncing').action(() => run(async (context) => (await verbs()).resumeCommand(context)));
  program
    .command('ask')
    .description('let a photo go before all else, whatever holds the rest')
    .argument('<photo...>', 'ids or files')
    .option('--consent', 'also when it is large and the connection is metered')
    .action((names: string[], options: AskOptions) => run(async (context) => (await verbs()).askCommand(context, names, options)));
  program
    .command('verify')
    .description('read again what this device holds and compare it with what was saved')
    .option('--server', 'let the server read all of its originals again (its owner)')
    .option('--originals-are-gone', 'with --server: its folder of originals is another one, and the other is gone for good')
    .action(({ server, ...options }: VerifyServerOptions & { server?: boolean }) => run(async (context) => (server === true ? (await verbs()).verifyServerCommand(context, options) : (await verbs()).verifyCommand(context))));
}

function addDoctorVerbs(program: Command, run: Run): void {
  program
    .command('doctor')
    .description('look for what keeps this device from syncing, and mend it')
    .option('--fix', 'do what software can do about it, and look again')
    .option('--yes', 'with --fix: also what may cost money')
    .option('--outside <host:port>', 'allow one address outside to be asked whether the internet is there; off: none')
    .action((options: DoctorOptions) => run(async (context) => (await verbs()).doctorCommand(context, options)));
  program.command('restart-sync').description('stop, check the database, let go of what is stuck, look again, go on').action(() => run(async (context) => (await verbs()).restartSyncCommand(context)));
  program
    .command('support-bundle')
    .description('what someone who helps needs to know: no images, names, places or secrets')
    .option('--out <file>')
    .option('--yes', 'save it without asking')
    .action((options: SupportBundleOptions) => run(async (context) => (await verbs()).supportBundleCommand(context, options)));
}

function addOtherDevicesVerbs(program: Command, run: Run): void {
  const devices = program.command('devices').description('the devices of your account, and how each stands');
  devices.command('list', { isDefault: true }).description('all of them').action(() => run(async (context) => (await verbs()).listDevicesCommand(context)));
  devices.command('show').argument('<device>', 'its name, or the beginning of its id').description('how one stands').action((named: string) => run(async (context) => (await verbs()).showDeviceCommand(context, named)));
  devices
    .command('set')
    .argument('<device>')
    .argument('<key=value...>')
    .description('change the settings of one: sync=off, power=wifi, pause=2h, sync-now=on')
    .action((named: string, pairs: string[]) => run(async (context) => (await verbs()).setDeviceCommand(context, named, pairs)));
  devices.command('rename').argument('<device>').argument('<name>').action((named: string, name: string) => run(async (context) => (await verbs()).renameDeviceCommand(context, named, name)));
  devices.command('sign-out').argument('<device>').description('end its session; what waits on it is kept').action((named: string) => run(async (context) => (await verbs()).signOutDeviceCommand(context, named)));
}

function addLibraryVerbs(program: Command, run: Run): void {
  program
    .command('list')
    .description('the photos of the library, newest first')
    .option('--album <album>')
    .option('--favourites')
    .option('--hidden')
    .option('--archived')
    .option('--deleted', 'what lies in Recently Deleted')
    .option('--from <day>', '2024-05-17')
    .option('--to <day>')
    .option('--limit <number>')
    .action((options: ListOptions) => run(async (context) => (await verbs()).listCommand(context, options)));
  program
    .command('fetch')
    .description('fetch originals into a folder')
    .argument('<asset...>', 'ids or files')
    .option('--to <folder>', 'the library folder, unless said')
    .option('--consent', 'also when they are large and the connection is metered')
    .action((names: string[], options: FetchOptions) => run(async (context) => (await verbs()).fetchCommand(context, names, options)));
  program
    .command('open')
    .description('the original of a photo in the library folder, in the place of its preview, and where it lies')
    .argument('<photo...>', 'ids or files')
    .option('--consent', 'also when it is large and the connection is metered')
    .action((names: string[], options: OpenOptions) => run(async (context) => (await verbs()).openCommand(context, names, options)));
  program
    .command('edit')
    .description('change what is known about photos, and how they look')
    .argument('<asset...>')
    .option('--favourite')
    .option('--no-favourite')
    .option('--hidden')
    .option('--no-hidden')
    .option('--archived')
    .option('--no-archived')
    .option('--caption <text>', 'empty for none')
    .option('--date <date>', '2024-05-17T14:30+02:00; own: the one that the photo came with')
    .option('--shift <time>', 'moves each date: +1h30m, -2d (a camera whose clock was wrong)')
    .option('--place <place>', 'latitude,longitude; empty for none; own: the one that the photo came with')
    .option('--rotate <degrees>', 'clockwise: 90, 180, 270, -90')
    .option('--flip <how>', 'horizontal or vertical')
    .option('--crop <part>', 'left,top,width,height in percent; empty for none')
    .option('--straighten <degrees>', '-45 to 45')
    .option('--exposure <amount>', '-100 to 100, as all that follow; 0 for none')
    .option('--contrast <amount>')
    .option('--highlights <amount>')
    .option('--shadows <amount>')
    .option('--saturation <amount>')
    .option('--warmth <amount>')
    .option('--tint <amount>')
    .option('--filter <name>', 'vivid, dramatic, fade, mono, noir and others, with :STRENGTH in percent; empty for none')
    .option('--revert', 'as it was taken')
    .action((names: string[], options: EditOptions) => run(async (context) => (await verbs()).editCommand(context, names, options)));

  const album = program.command('album').description('albums');
  album.command('create').argument('<name>').action((name: string) => run(async (context) => (await verbs()).createAlbumCommand(context, name)));
  album.command('rename').argument('<album>').argument('<name>').action((named: string, name: string) => run(async (context) => (await verbs()).renameAlbumCommand(context, named, name)));
  album.command('delete').argument('<album>').description('its photos stay').action((named: string) => run(async (context) => (await verbs()).deleteAlbumCommand(context, named)));
  album.command('add').argument('<album>').argument('<asset...>').action((named: string, names: string[]) => run(async (context) => (await verbs()).addToAlbumCommand(context, named, names)));
  album.command('remove').argument('<album>').argument('<asset...>').action((named: string, names: string[]) => run(async (context) => (await verbs()).removeFromAlbumCommand(context, named, names)));
  album
    .command('order')
    .argument('<album>')
    .argument('<asset>')
    .option('--before <asset>', 'else at the end')
    .action((named: string, name: string, options: { before?: string }) => run(async (context) => (await verbs()).orderAlbumCommand(context, named, name, options)));
  album.command('list').action(() => run(async (context) => (await verbs()).listAlbumsCommand(context)));

  program.command('delete').description('move photos to Recently Deleted').argument('<asset...>').action((names: string[]) => run(async (context) => (await verbs()).deleteCommand(context, names)));
  program.command('recover').description('take photos back from Recently Deleted').argument('<asset...>').action((names: string[]) => run(async (context) => (await verbs()).recoverCommand(context, names)));
  program.command('purge').description('delete for ever what lies in Recently Deleted').argument('<asset...>').action((names: string[]) => run(async (context) => (await verbs()).purgeCommand(context, names)));
}

function addPlanVerbs(program: Command, run: Run): void {
  program.command('usage').description('the storage plan and what it is used for').action(() => run(async (context) => (await verbs()).usageCommand(context)));
  program
    .command('space')
    .description('free up space: what it would free, and with --delete frees it')
    .option('--videos', 'the largest videos')
    .option('--duplicates', 'what another photo or video holds whole')
    .option('--screenshots')
    .option('--recently-deleted', 'what is deleted and still takes space')
    .option('--limit <number>', 'of items; the 20 largest videos, and all of the others, unless said')
    .option('--delete', 'move what is listed to Recently Deleted, or out of it for ever')
    .option('--yes', 'do not ask')
    .action((options: SpaceOptions) => run(async (context) => (await verbs()).spaceCommand(context, options)));

  const accounts = program.command('accounts').description('the accounts of the server, for its owner');
  accounts.command('list').description('with plan and use').action(() => run(async (context) => (await verbs()).listAccountsCommand(context)));
  accounts
    .command('add')
    .argument('<email>')
    .description('a member; the password is asked for, or taken from EVERROLL_NEW_PASSWORD')
    .option('--name <name>')
    .option('--plan <plan>', 'larger than the free 5GB')
    .action((email: string, options: { name?: string; plan?: string }) => run(async (context) => (await verbs()).addAccountCommand(context, email, options)));
  accounts
    .command('invite')
    .argument('<email>')
    .description('a member who chooses the password: makes a code that is good once, for a week')
    .option('--plan <plan>', 'larger than the free 5GB')
    .action((email: string, options: { plan?: string }) => run(async (context) => (await verbs()).inviteCommand(context, email, options)));
  accounts.command('invitations').description('those that were not used yet').action(() => run(async (context) => (await verbs()).listInvitationsCommand(context)));
  accounts.command('withdraw').argument('<email>').description('an invitation').action((email: string) => run(async (context) => (await verbs()).withdrawCommand(context, email)));
  accounts
    .command('reset-password')
    .argument('<email>')
    .description('for a person who lost it: makes a code that is good once, for a day')
    .action((email: string) => run(async (context) => (await verbs()).resetPasswordCommand(context, email)));
  accounts
    .command('plan')
    .argument('<email>')
    .argument('<plan>', '5GB, 50GB, 200GB, 2TB, 6TB, 12TB or unlimited')
    .description('assign a storage plan; uploads that wait go on at once')
    .action((email: string, plan: string) => run(async (context) => (await verbs()).assignPlanCommand(context, email, plan)));
  accounts.command('disable').argument('<email>').description('nothing is deleted').action((email: string) => run(async (context) => (await verbs()).disableAccountCommand(context, email)));
  accounts.command('enable').argument('<email>').action((email: string) => run(async (context) => (await verbs()).enableAccountCommand(context, email)));
}

function allOf(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length > 0 ? allOf(child) : [child]));
}

