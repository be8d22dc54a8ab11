/**
 * The first file that runs, on whatever Node (18 or newer) the machine has: installs what package.json pins, when that
 * changed, and hands the command over to api/command.ts under the pinned Node. Uses nothing but Node itself.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = '12.21.0';
const NODE_MAJOR = 24;
/**
 * Room for new objects, in MB, and how much the old ones may grow before they are looked through: to twice what is in use.
 * V8 would take 100 MB more for the first on a machine with much memory, and let the second come to four times: no quicker.
 */
const MEMORY = ['--max-semi-space-size=8', '--heap-growing-percent=100'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const tools = join(modules, '.tools');
const environment = cleanEnvironment();

if (Number(process.versions.node.split('.')[0]) < 18)
  stop(`Node ${process.versions.node} is too old: install 20 or newer.`);
install();
run();

/** pnpm and every package, when what package.json, the lockfile and the workspace file say was not installed yet. */
function install() {
  // Packages that a working tree borrows from another are that one's: pnpm would empty the folder first.
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) return;
  const stamp = join(tools, 'packages');
  const wanted = wantedHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const pnpm = join(tools, 'node_modules', 'pnpm');
  if (versionOf(pnpm) !== PNPM) {
    say('Installing pnpm …');
    mkdirSync(tools, { recursive: true });
    npm([
      'install',
      '--prefix',
      tools,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `pnpm@${PNPM}`,
    ]);
  }
  say('Installing packages …');
  const answer = spawnSync(
    process.execPath,
    [
      join(pnpm, 'bin', 'pnpm.mjs'),
      'install',
      '--frozen-lockfile',
      '--prefer-offline',
      '--reporter=append-only',
      '--loglevel=warn',
    ],
    // Its progress is not an answer of the command.
    { cwd: root, stdio: ['ignore', 2, 2], env: { ...environment, CI: '1' } },
  );
  if (answer.status !== 0) stop('The packages could not be installed (see above): check the network and start again.');
  writeFileSync(stamp, wanted);
}

function wantedHash() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${PNPM}`);
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    hash.update(readFileSync(join(root, name)));
  return hash.digest('hex');
}

/** Runs the npm that came with this Node, even when pnpm called us. */
function npm(args) {
  const script = process.env.npm_execpath ?? '';
  const [command, first] = /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, [script]] : ['npm', []];
  const answer = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: environment,
    shell: process.platform === 'win32',
  });
  if (answer.status !== 0) stop('pnpm could not be installed (see above): check the network and start again.');
}

function run() {
  const node = pinnedNode();
  const child = spawn(node, [...MEMORY, join(root, 'api', 'command.ts'), ...process.argv.slice(2)], {
    // The channel tells the child when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...environment, PATH: [join(modules, '.bin'), dirname(node), process.env.PATH].join(delimiter) },
  });
  child.on('error', (error) => stop(`${node} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
  // A terminal sends Ctrl+C to the child as well; this process only waits for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGTERM'));
}

function pinnedNode() {
  const pinned = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  return stop(
    `Node ${process.versions.node} is too old on ${process.platform} ${process.arch}: install ${NODE_MAJOR} or newer.`,
  );
}

function versionOf(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}

/** Without the npm_* variables of whoever called us: they would configure the package manager. */
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function stop(line) {
  say(line);
  process.exit(1);
}
