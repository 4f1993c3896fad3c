import { readMeta } from '../database/meta.ts';
import { changeToSend, isSettingsState, observeSettings, observeTaken } from '../devices/settings.ts';
import { type Context, holdQuestion, releaseQuestion } from './context.ts';

/** Says how this device stands, where that is news (rule D1). */
export async function report(context: Context): Promise<void> {
  const { driver, server, clock } = context.ports;
  const identity = readMeta(driver, 'identity');
  const said = context.reporter.look();
  if (identity === null || said === null) return;
  const answer = await server.report(identity.device.id, { clock: clock.now(), report: said }, context.signal);
  if (!answer.ok) {
    holdQuestion(context, 'report', answer.failure);
    return;
  }
  releaseQuestion(context, 'report');
  context.reporter.said(said);
  if (!isSettingsState(driver, { version: answer.value.settingsVersion, change: answer.value.settingsChange })) context.settingsWanted.value = true;
}

/** Asks what is set for this device, or sends what was set here (rules D2, D3). */
export async function settings(context: Context): Promise<void> {
  const { driver, server, clock, random } = context.ports;
  const identity = readMeta(driver, 'identity');
  if (identity === null) return;
  const { id } = identity.device;
  const change = context.settingsWanted.value ? null : changeToSend(driver, random);
  // Cleared before asking: what is announced while the answer travels asks again.
  context.settingsWanted.value = false;
  const answer = change === null ? await server.settings(id, context.signal) : await server.changeSettings(id, { clock: clock.now(), ...change }, context.signal);
  if (answer.ok) {
    releaseQuestion(context, 'settings');
    if (change === null) observeSettings(driver, answer.value, clock.now());
    else observeTaken(driver, change, answer.value, clock.now());
  } else if (answer.failure.code === 'settings_changed') {
    context.settingsWanted.value = true;
  } else {
    // A change is sent again as it is; a question is asked again.
    if (change === null) context.settingsWanted.value = true;
    holdQuestion(context, 'settings', answer.failure);
  }
}
