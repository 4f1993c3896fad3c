import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppEnv, Config } from '../context.ts';
import { fail } from '../http/problem.ts';

/** A browser's session (rule X2). */
const COOKIE = 'everroll_session';

/** Browsers keep a cookie for 400 days at most: RFC 6265bis, section 5.5. */
const MAX_AGE_SECONDS = 400 * 24 * 3600;

export function sessionCookie(c: Context): string | undefined {
  return getCookie(c, COOKIE);
}

export function setSessionCookie(c: Context<AppEnv>, config: Config, token: string): void {
  setCookie(c, COOKIE, token, { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure(c, config), maxAge: MAX_AGE_SECONDS });
}

export function clearSessionCookie(c: Context<AppEnv>, config: Config): void {
  deleteCookie(c, COOKIE, { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure(c, config) });
}

/**
 * A browser says from which site a request that changes something comes; a page of another site
 * cannot forge that. Compared are host and port: behind a proxy that ends TLS the scheme differs.
 */
export function requireOwnOrigin(c: Context<AppEnv>, config: Config): void {
  const origin = c.req.header('origin');
  if (origin === undefined || !URL.canParse(origin) || new URL(origin).host !== ownHost(c, config)) fail(403, 'foreign_origin');
}

/** The server's address as the client knows it, for example `https://photos.example.com`. */
export function ownAddress(c: Context<AppEnv>, config: Config): string {
  return `${isSecure(c, config) ? 'https' : 'http'}://${ownHost(c, config)}`;
}

function ownHost(c: Context<AppEnv>, config: Config): string {
  const forwarded = config.trustProxy ? c.req.header('x-forwarded-host') : undefined;
  return forwarded ?? c.req.header('host') ?? new URL(c.req.url).host;
}

function isSecure(c: Context<AppEnv>, config: Config): boolean {
  if (config.trustProxy && c.req.header('x-forwarded-proto') === 'https') return true;
  return new URL(c.req.url).protocol === 'https:';
}
