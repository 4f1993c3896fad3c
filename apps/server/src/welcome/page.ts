import { createHash } from 'node:crypto';
import { PRODUCT_VERSION } from '@everroll/protocol';
import { html, raw } from 'hono/html';
import { style } from './style.ts';

type Html = ReturnType<typeof html>;

/** No script, no file of anyone else; the style is allowed by its hash. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const mark = raw(
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><rect x="3" y="3" width="18" height="18" rx="5"/><path d="M3 16.5 8.6 11l4 4 2.6-2.4L21 17.5" stroke-linejoin="round"/><circle cx="15.5" cy="8.5" r="1.6"/></svg>',
);

function page(title: string, main: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<div class="page">
<header class="mark">${mark}Everroll</header>
<main>${main}</main>
<footer>Version ${PRODUCT_VERSION}</footer>
</div>
</body>
</html>`;
}

export interface SetupForm {
  readonly name: string;
  readonly email: string;
  readonly code: string;
  /** What was wrong with the last try. */
  readonly wrong: { readonly field: string | null; readonly sentence: string; readonly fix: string } | null;
}

/** While there is no account. */
export function setupPage({ name, email, code, wrong }: SetupForm): Html {
  const invalid = (field: string) => (wrong?.field === field ? raw(' aria-invalid="true" aria-describedby="wrong" autofocus') : '');
  return page(
    'Set up Everroll',
    html`<h1>Make this server yours</h1>
<p class="lead">Every photo and video of yours, byte for byte, on a machine that you own. Begin with the owner’s account.</p>
${wrong ? html`<p class="wrong" id="wrong" role="alert"><strong>${wrong.sentence}</strong>${wrong.fix}</p>` : ''}
<form method="post" action="/setup">
<label>Name<input name="name" value="${name}" autocomplete="name" required maxlength="100"${invalid('name')}></label>
<label>E-mail<input name="email" type="email" value="${email}" autocomplete="email" required maxlength="254"${invalid('email')}></label>
<label>Password<input name="password" type="password" autocomplete="new-password" required minlength="10" maxlength="1024"${invalid('password')}><small>10 characters or more. A few words in a row are good.</small></label>
<label>Set-up code<input class="code" name="code" value="${code}" autocomplete="off" autocapitalize="none" spellcheck="false" required maxlength="64" placeholder="xxxx-xxxx-xxxx-xxxx"${invalid('code')}><small>The server printed it when it started.</small></label>
<button>Create account</button>
</form>`,
  );
}

/** @param address of this server, as the browser knows it */
export function runningPage(address: string): Html {
  return page(
    'Everroll',
    html`<h1>Everroll is running</h1>
<p class="lead">This server keeps the photos and videos of its people and brings them to all of their devices.</p>
<h2>Connect a device</h2>
<pre tabindex="0">npx everroll sign-in ${address} <span>--email you@example.com</span></pre>
<p class="after">Use the e-mail address and password of your account on this server. An account is given by the server’s owner.</p>
<h2>Then choose what it keeps safe</h2>
<pre tabindex="0">npx everroll source add ~/Pictures
npx everroll sync --watch</pre>`,
  );
}
