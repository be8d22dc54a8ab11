/** The tracker as pages load it: without its types, as one function, minified. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CompressedText, compressText } from '../compressed-text.ts';

const HARDEST = 11;

let made: Promise<CompressedText> | undefined;

/** Made when it is first asked for, and kept; what failed is made again by the next who asks. */
export function trackerScript(): Promise<CompressedText> {
  made ??= make().catch((error: unknown) => {
    made = undefined;
    throw error;
  });
  return made;
}

async function make(): Promise<CompressedText> {
  // In a process of its own, which takes the 50 MB of the minifier along when it ends.
  const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'minify-tracker.ts')];
  const { stdout: body } = await promisify(execFile)(process.execPath, args);
  return compressText(body, HARDEST);
}
