import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { formats } from '../video-facts.ts'

/** What every call starts with: no questions, no network, no playlists, one file. */
export const inputOptions = (path: string): string[] => ['-protocol_whitelist', 'file', '-format_whitelist', formats, '-i', `file:${path}`]

const stderrCharacters = 4000

export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ended> }
/** `code`: null when it was killed. */
export type Ended = { readonly code: number | null; readonly stderr: string }

/**
 * Starts `ffmpeg` or `ffprobe` from PATH, without a shell. It lives in the worker's process group and within the
 * worker's limits, so that whatever ends the worker ends it. Null where it is not installed.
 */
export async function start(program: 'ffmpeg' | 'ffprobe', words: readonly string[]): Promise<Running | null> {
  const child = spawn(program, ['-v', 'error', ...words], { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-stderrCharacters)))
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stderr: stderr.trim() })))
  try {
    await once(child, 'spawn')
  } catch {
    return null
  }
  return { child, ended }
}

/** Its whole output, for a program that writes little. */
export async function output({ child, ended }: Running): Promise<Ended & { readonly stdout: Buffer }> {
  const parts: Buffer[] = []
  child.stdout?.on('data', (part: Buffer) => parts.push(part))
  return { ...(await ended), stdout: Buffer.concat(parts) }
}
