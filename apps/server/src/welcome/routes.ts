import { SetupRequest, reasons } from '@everroll/protocol';
import type { Context } from 'hono';
import { addressOf, type Attempts } from '../accounts/attempts.ts';
import { ownAddress } from '../accounts/cookie.ts';
import { setUp, setupNeeded } from '../accounts/setup.ts';
import type { App, AppEnv, Services } from '../context.ts';
import { ProblemError } from '../http/problem.ts';
import { contentSecurityPolicy, runningPage, type SetupForm, setupPage } from './page.ts';

const empty: SetupForm = { name: '', email: '', code: '', wrong: null };

/** The server's own page, for a person whose browser runs no script, or whose server has no web app. Plain forms. */
export function registerWelcome(app: App, services: Services, attempts: Attempts): void {
  app.on('GET', services.config.webFolder === undefined ? ['/', '/setup'] : ['/setup'], async (c) => {
    headers(c);
    return (await setupNeeded(services.db)) ? c.html(setupPage({ ...empty, code: (c.req.query('code') ?? '').slice(0, 64) })) : c.html(runningPage(ownAddress(c, services.config)));
  });

  app.post('/setup', async (c) => {
    headers(c);
    const form = await c.req.parseBody();
    const sent = { code: textOf(form['code']), email: textOf(form['email']).trim(), name: textOf(form['name']), password: textOf(form['password']) };
    const again = (status: 400 | 403 | 429, wrong: SetupForm['wrong']) => c.html(setupPage({ name: sent.name, email: sent.email, code: sent.code, wrong }), status);

    const checked = SetupRequest.safeParse(sent);
    if (!checked.success) {
      const field = String(checked.error.issues[0]?.path[0] ?? '');
      return again(400, { field, sentence: wrongField[field] ?? reasons.invalid_request.sentence, fix: '' });
    }
    try {
      const giveBack = attempts.begin(addressOf(c, services.config), null);
      const account = await setUp(services, checked.data.code, checked.data);
      if (account === 'refused') return again(403, { field: 'code', sentence: reasons.setup_refused.sentence, fix: reasons.setup_refused.fixes.join(' ') });
      giveBack();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return again(429, { field: null, sentence: error.problem.title, fix: '' });
    }
    return c.redirect('/', 303);
  });
}

const wrongField: Readonly<Record<string, string>> = {
  name: 'A name has 1 to 100 characters.',
  email: 'This is not an e-mail address.',
  password: 'A password has at least 10 characters.',
  code: 'The set-up code is too long.',
};

function headers(c: Context<AppEnv>): void {
  c.header('content-security-policy', contentSecurityPolicy);
  c.header('cache-control', 'no-store');
}

function textOf(field: unknown): string {
  return typeof field === 'string' ? field.slice(0, 2_000) : '';
}
