/** Finds a Chromium, or brings one: CHROMIUM, the system's, Debian's package when root, the one from npm. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { StartError } from '../config.ts';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable'];

/** @returns the path of the program. @throws StartError when there is none and none could be brought. */
export async function findChromium(say: (line: string) => void = () => {}): Promise<string> {
  const given = process.env.CHROMIUM?.trim();
  if (given) {
    if (!existsSync(given)) throw new StartError(`CHROMIUM=${given} does not exist.`);
    return given;
  }
  const found = SYSTEM.find((path) => existsSync(path));
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
  say('Unpacking Chromium …');
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const path = await chromium.executablePath();
    if (spawnSync(path, ['--version']).status === 0) return path;
  } catch {
    // Not installed here, or not for this system.
  }
  throw new StartError('There is no Chromium for the browser tests: install one and name it in CHROMIUM.');
}
