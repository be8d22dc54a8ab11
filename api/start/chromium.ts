/** Finds a Chromium: CHROMIUM, the system's, the one from npm; for tests it is brought where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { StartError } from '../config.ts';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable'];

/** Installs nothing. @returns the path of the program; null when there is none. @throws StartError for a CHROMIUM that is not there */
export async function presentChromium(say: (line: string) => void = () => {}): Promise<string | null> {
  return ofSystem() ?? (await fromNpm(say));
}

/** @returns the path of the program. @throws StartError when there is none and none could be brought. */
export async function findChromium(say: (line: string) => void = () => {}): Promise<string> {
  const found = ofSystem();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Installing Chromium …');
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) => spawnSync('apt-get', ['-qq', ...args], { stdio: 'ignore', env: environment });
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
    if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium';
    // What the one from npm needs.
    apt('install', '-y', '--no-install-recommends', 'libnss3', 'libnspr4', 'libexpat1');
  }
  const brought = await fromNpm(say);
  if (brought) return brought;
  throw new StartError('There is no Chromium for the browser tests: install one and name it in CHROMIUM.');
}

function ofSystem(): string | null {
  const given = process.env.CHROMIUM?.trim();
  if (given) {
    if (!existsSync(given)) throw new StartError(`CHROMIUM=${given} does not exist.`);
    return given;
  }
  return SYSTEM.find((path) => existsSync(path)) ?? null;
}

/** It needs libraries that not every system has: one that does not run is none. */
async function fromNpm(say: (line: string) => void): Promise<string | null> {
  say('Unpacking Chromium …');
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const path = await chromium.executablePath();
    return spawnSync(path, ['--version']).status === 0 ? path : null;
  } catch {
    // Not installed here, or not for this system.
    return null;
  }
}
