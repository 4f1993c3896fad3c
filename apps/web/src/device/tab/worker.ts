import type { Failure } from '@everroll/engine';
import { openHome } from '../leader/home.ts';
import { Leader } from '../leader/leader.ts';
import { serviceOf } from '../leader/service.ts';
import { failedService } from '../leader/failed-service.ts';
import { Asker } from '../rpc/asker.ts';
import type { FromTab, ToTab } from '../rpc/tab-messages.ts';
import { joinElection } from './election.ts';
import { Stager } from './stager.ts';
import { Tab } from './tab.ts';
import { workerScope } from './worker-scope.ts';

/** The worker of one page. What it is asked before it is ready it takes afterwards. */
const early: ToTab[] = [];
let take = (message: ToTab): void => void early.push(message);
workerScope.addEventListener('message', (event: MessageEvent<ToTab>) => take(event.data));

const say = (message: FromTab): void => workerScope.postMessage(message);
say({ say: 'listening' });

const election = await joinElection();
/** This worker asks too: its questions have numbers below zero, the page's above. */
const own = new Asker((question) => tab.ask({ ...question, id: -question.id }));
const tab = new Tab(election, (reply) => (reply.id < 0 ? own.take({ ...reply, id: -reply.id }) : say(reply)));
const stager = new Stager(
  (files) => say({ say: 'copying', files }),
  (files, contents) => own.call('staged', files, contents),
);

take = (message) => {
  switch (message.say) {
    case 'pick':
      say({ say: 'picked', id: message.id, ...stager.pick(message.files) });
      return;
    case 'stop copying':
      stager.stop(message.ids);
      return;
    default:
      tab.ask(message);
  }
};
for (const message of early) take(message);

void election.run(async () => {
  const home = await openHome(self.location.origin).catch((error: unknown): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure: { code: 'local_database_corrupt', evidence: { detail: String(error) } } }));
  await new Promise<void>((giveUp) => {
    if (!home.ok) {
      tab.lead(failedService(home.failure, giveUp));
      return;
    }
    const leader = new Leader(home.value, giveUp);
    void leader.begin().then(() => tab.lead(serviceOf(leader)));
  });
  tab.stepDown();
});
