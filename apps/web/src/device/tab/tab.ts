import { Answerer, type Service } from '../rpc/answerer.ts';
import type { Question, Reply } from '../rpc/surface.ts';
import type { Election } from './election.ts';

/** On the channel that all tabs hear. */
type Call = { readonly say: 'who leads'; readonly tab: string } | { readonly say: 'I lead'; readonly tab: string };
/** On a tab's own channel. */
type Direct = { readonly from: string; readonly question: Question } | { readonly reply: Reply };

const CHANNEL = 'everroll-device';
const directChannel = (tab: string): string => `everroll-tab-${tab}`;

/**
 * Takes a page's questions to whichever tab leads. What is not answered, and what is followed, is
 * asked again of the next leader when one ends: nothing that a page waits for is lost with a tab.
 */
export class Tab {
  readonly #election: Election;
  readonly #toPage: (reply: Reply) => void;
  readonly #all = new BroadcastChannel(CHANNEL);
  readonly #open = new Map<number, Question>();
  readonly #clients = new Map<string, { readonly answerer: Answerer; readonly channel: BroadcastChannel }>();
  #own: Answerer | undefined;
  #service: Service | undefined;
  #leader: BroadcastChannel | undefined;
  #leaderTab: string | undefined;

  constructor(election: Election, toPage: (reply: Reply) => void) {
    this.#election = election;
    this.#toPage = toPage;
    this.#all.addEventListener('message', (event: MessageEvent<Call>) => this.#heard(event.data));
    const direct = new BroadcastChannel(directChannel(election.tab));
    direct.addEventListener('message', (event: MessageEvent<Direct>) => this.#direct(event.data));
    this.#all.postMessage({ say: 'who leads', tab: election.tab } satisfies Call);
  }

  ask(question: Question): void {
    if (question.say === 'end') this.#open.delete(question.id);
    else this.#open.set(question.id, question);
    this.#send(question);
  }

  /** This tab leads from now on. */
  lead(service: Service): void {
    this.#service = service;
    this.#leader?.close();
    this.#leader = undefined;
    this.#leaderTab = this.#election.tab;
    this.#own = new Answerer(service, true, (reply) => this.#answered(reply));
    this.#all.postMessage({ say: 'I lead', tab: this.#election.tab } satisfies Call);
    for (const question of this.#open.values()) this.#send(question);
  }

  /** It does so no more; another one, or itself anew, will. */
  stepDown(): void {
    this.#own?.end();
    for (const { answerer, channel } of this.#clients.values()) {
      answerer.end();
      channel.close();
    }
    this.#clients.clear();
    this.#own = undefined;
    this.#service = undefined;
    this.#leaderTab = undefined;
  }

  #send(question: Question): void {
    if (this.#own !== undefined) void this.#own.take(question);
    else this.#leader?.postMessage({ from: this.#election.tab, question } satisfies Direct);
  }

  #answered(reply: Reply): void {
    if (reply.say !== 'value') this.#open.delete(reply.id);
    this.#toPage(reply);
  }

  #heard(call: Call): void {
    if (call.say === 'who leads') {
      if (this.#service !== undefined) this.#all.postMessage({ say: 'I lead', tab: this.#election.tab } satisfies Call);
      return;
    }
    if (call.tab === this.#leaderTab) return;
    this.#leader?.close();
    this.#leader = new BroadcastChannel(directChannel(call.tab));
    this.#leaderTab = call.tab;
    for (const question of this.#open.values()) this.#send(question);
  }

  #direct(message: Direct): void {
    if ('reply' in message) this.#answered(message.reply);
    else if (this.#service !== undefined) void this.#client(message.from, this.#service).take(message.question);
  }

  #client(tab: string, service: Service): Answerer {
    const known = this.#clients.get(tab);
    if (known !== undefined) return known.answerer;
    const channel = new BroadcastChannel(directChannel(tab));
    const answerer = new Answerer(service, false, (reply) => channel.postMessage({ reply } satisfies Direct));
    this.#clients.set(tab, { answerer, channel });
    this.#election.onEnd(tab, () => {
      answerer.end();
      channel.close();
      this.#clients.delete(tab);
    });
    return answerer;
  }
}
