import type { Failure } from '@everroll/engine';
import { type Begun, openHome } from '../leader/home.ts';
import { Leader } from '../leader/leader.ts';
import { serviceOf } from '../leader/service.ts';
import { Asker } from '../rpc/asker.ts';
import type { FromTab, ToTab } from '../rpc/tab-messages.ts';
import { joinElection } from './election.ts';
import type { Lead } from './lead.ts';
import type { Stager } from './stager.ts';
import { Tab } from './tab.ts';

/** How the worker of a page began, before this was loaded. */
interface Start extends Begun {
  /** null: another tab leads. */
  readonly lead: Lead | null;
}

/**
 * What the worker of a page does, once it is loaded.
 * @returns takes what the page says
 */
export async function begin(say: (message: FromTab) => void, { lead, ...start }: Start): Promise<(message: ToTab) => void> {
  const election = await joinElection(lead);
  let begun: Begun = start;
  /** This worker asks too: its questions have numbers below zero, the page's above. */
  const own = new Asker((question) => tab.ask({ ...question, id: -question.id }));
  const tab = new Tab(election, (reply) => (reply.id < 0 ? own.take({ ...reply, id: -reply.id }) : say(reply)));
  // Loaded when files are first chosen; one that could not be loaded is tried again.
  let stager: Promise<Stager> | undefined;
  const staging = async (): Promise<Stager> => {
    stager ??= import('./stager.ts').then(({ Stager: Made }) => new Made((files) => say({ say: 'copying', files }), (files, contents) => own.call('staged', files, contents)));
    stager.catch(() => (stager = undefined));
    return stager;
  };

  void election.run(async () => {
    const ended = new AbortController();
    const home = await openHome(self.location.origin, ended.signal, begun).catch((error: unknown): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure: { code: 'local_database_corrupt', evidence: { detail: String(error) } } }));
    begun = { kept: null, told: null, answers: null, drawn: start.drawn };
    if (!home.ok) {
      const { failedService } = await import('../leader/failed-service.ts');
      await new Promise<void>((giveUp) => tab.lead(failedService(home.failure, giveUp)));
      return tab.stepDown();
    }
    await new Promise<void>((giveUp) => {
      const leader = new Leader(home.value, ended, giveUp);
      leader.begin();
      tab.lead(serviceOf(leader));
    });
    tab.stepDown();
  });

  return (message) => {
    switch (message.say) {
      case 'pick':
        void staging().then((made) => say({ say: 'picked', id: message.id, ...made.pick(message.files) }));
        return;
      case 'stop copying':
        void staging().then((made) => made.stop(message.ids));
        return;
      default:
        tab.ask(message);
    }
  };
}
